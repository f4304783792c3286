import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from '@jest/globals';
import { useFolder } from '@hecktor/testing';
import { unpackImage } from './image.ts';

const scratch = useFolder({ each: true });

function pack(into: string, files: Readonly<Record<string, string>>, ...options: string[]): void {
  const source = `${into}.source`;
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(source, name)), { recursive: true });
    writeFileSync(join(source, name), text);
  }
  const { status } = spawnSync('tar', [
    '-cf',
    into,
    ...options,
    '-C',
    source,
    ...readdirSync(source),
  ]);
  expect(status).toBe(0);
}

/** An archive as `docker save` writes it, of layers given by their files. */
function archiveOf(...layers: Readonly<Record<string, string>>[]): string {
  const [parts, names] = [scratch.make('parts'), layers.map((_, i) => `layer${i}.tar`)];
  for (const [i, files] of layers.entries()) pack(join(parts, names[i]!), files, '--gzip');
  const config = {
    Entrypoint: ['node', '/opt/app/main.mjs'],
    Env: ['PATH=/bin', 'HOME=/tmp', 'A=b=c'],
  };
  writeFileSync(join(parts, 'config.json'), JSON.stringify({ config }));
  const manifest = [{ Config: 'config.json', RepoTags: null, Layers: names }];
  writeFileSync(join(parts, 'manifest.json'), JSON.stringify(manifest));
  const archive = scratch.at('image.tar.gz');
  spawnSync('tar', ['-czf', archive, '-C', parts, 'config.json', 'manifest.json', ...names]);
  return archive;
}

it('lays layers on top of one another, without what later ones take away', async () => {
  const archive = archiveOf(
    { 'a/old': '1', 'a/kept': '1', 'b/x/y': '1', 'dev/null': '' },
    { 'a/.wh.old': '', 'a/new': '2', 'b/.wh..wh..opq': '', 'b/z': '2' },
    { 'a/kept': '3' },
  );
  const images = scratch.at('images');
  const image = await unpackImage(archive, images);
  expect(image.entrypoint).toEqual(['node', '/opt/app/main.mjs']);
  expect(image.env).toEqual({ PATH: '/bin', A: 'b=c' });
  const files = readdirSync(image.root, { recursive: true }).map(String).sort();
  expect(files.filter((name) => /^[ab]/.test(name))).toEqual(['a', 'a/kept', 'a/new', 'b', 'b/z']);
  expect(readFileSync(join(image.root, 'a/kept'), 'utf8')).toBe('3');
  for (const place of ['input', 'output', 'proc', 'sys', 'dev', 'tmp']) {
    expect(readdirSync(join(image.root, place))).toEqual([]);
  }

  writeFileSync(join(image.root, 'mark'), '');
  expect(await unpackImage(archive, images)).toEqual(image);
  expect(existsSync(join(image.root, 'mark'))).toBe(true);
  expect(readdirSync(images)).toHaveLength(1);
});

it('refuses what is no such archive and leaves nothing', async () => {
  const archive = scratch.at('image.tar');
  pack(archive, { 'some/file': '' });
  const images = scratch.at('images');
  const refused = { code: 'ARCHIVE_INVALID' };
  await expect(unpackImage(archive, images)).rejects.toMatchObject(refused);
  writeFileSync(archive, 'text');
  await expect(unpackImage(archive, images)).rejects.toMatchObject(refused);
  expect(readdirSync(images)).toEqual([]);
});
