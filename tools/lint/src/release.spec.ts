import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, it } from '@jest/globals';
import { useFolder } from '@hecktor/testing';

const RELEASE = fileURLToPath(new URL('../../release/release.mjs', import.meta.url));
const HEAD = '# Changelog\n\n## [Unreleased]\n';
const OLD = '\n## [0.1.0] - 2025-01-01\n\n- Old.\n';

const folder = useFolder({ each: true });
const git = (...args: string[]) => {
  const who = ['-c', 'user.name=a', '-c', 'user.email=a@b'];
  return execFileSync('git', [...who, ...args], { cwd: folder.path, encoding: 'utf8' }).trim();
};
const read = (name: string) => readFileSync(folder.at(name), 'utf8');
const release = (...args: string[]) =>
  spawnSync(process.execPath, [RELEASE, ...args], {
    cwd: folder.path,
    encoding: 'utf8',
    env: {
      ...process.env,
      ...{ GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@b' },
      ...{ GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@b' },
    },
  });

beforeEach(() => {
  folder.put('CHANGELOG.md', `${HEAD}\n### Added\n\n- New.\n${OLD}`);
  folder.put('package.json', '{ "version": "0.1.0" }');
  const lock = { version: '0.1.0', packages: { '': { version: '0.1.0' } } };
  folder.put('package-lock.json', JSON.stringify(lock));
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '--message', 'all');
});

it('changes nothing unless told to', () => {
  const { stdout, status } = release('0.2.0');
  expect([status, git('status', '--porcelain'), git('tag')]).toEqual([0, '', '']);
  expect(stdout).toContain('### Added\n\n- New.\n\ndry run');
  expect(stdout).not.toContain('Old');
});

it('cuts the changelog, sets the version and tags the commit', () => {
  expect(release('0.2.0', '--write').status).toBe(0);
  const date = new Date().toISOString().slice(0, 10);
  expect(read('CHANGELOG.md')).toBe(`${HEAD}\n## [0.2.0] - ${date}\n\n### Added\n\n- New.\n${OLD}`);
  expect(JSON.parse(read('package.json'))).toEqual({ version: '0.2.0' });
  expect(JSON.parse(read('package-lock.json'))).toEqual({
    version: '0.2.0',
    packages: { '': { version: '0.2.0' } },
  });
  expect(git('tag', '--list', '--format=%(contents)')).toContain('### Added\n\n- New.');
  expect(git('rev-parse', 'v0.2.0^{commit}')).toBe(git('rev-parse', 'HEAD'));
  expect(git('status', '--porcelain')).toBe('');
  expect(release('0.3.0', '--write').stderr).toContain('"Unreleased" of CHANGELOG.md is empty');
});

it.each([
  [['1.2'], 'usage'],
  [['1.2.0', '--force'], 'usage'],
  [['0.1.0'], 'has 0.1.0 already'],
])('refuses %j', (args, message) => {
  const { stderr, status } = release(...args);
  expect([stderr, status]).toEqual([expect.stringContaining(message), 1]);
});

it('refuses a tag that is there, and changes that are not committed', () => {
  git('tag', 'v0.2.0');
  expect(release('0.2.0').stderr).toContain('v0.2.0 is there already');
  folder.put('package.json', '{}');
  expect(release('0.3.0').stderr).toContain('not committed');
});
