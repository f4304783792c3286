import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import type { Task } from '@hecktor/case-io';
import { createTask, REFERENCES, type TaskKind, type Tree } from '@hecktor/container/testing';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** This workspace as Nx shows it to a generator: what is written stays in memory. */
function virtualTree(): Tree & { written: Map<string, Buffer> } {
  const written = new Map<string, Buffer>();
  const onDisk = (path: string) => join(ROOT, path);
  return {
    root: ROOT,
    written,
    exists: (path) => written.has(path) || existsSync(onDisk(path)),
    isFile: (path) =>
      written.has(path) || (existsSync(onDisk(path)) && statSync(onDisk(path)).isFile()),
    children: (path) => (existsSync(onDisk(path)) ? readdirSync(onDisk(path)) : []),
    read: (path) =>
      written.get(path) ?? (existsSync(onDisk(path)) ? readFileSync(onDisk(path)) : null),
    write: (path, content) => void written.set(path, Buffer.from(content)),
  };
}

function made(name: string, kind: TaskKind) {
  const tree = virtualTree();
  createTask(tree, { name, kind });
  return tree.written;
}

describe.each(Object.keys(REFERENCES) as TaskKind[])('createTask --kind=%s', (kind) => {
  const written = made('task4', kind);
  const from = REFERENCES[kind];

  it('writes an app and nothing else', () => {
    for (const path of written.keys()) expect(path).toMatch(/^apps\/task4\//);
    expect([...written.keys()]).toEqual(
      expect.arrayContaining(
        [
          ...['package.json', 'project.json', 'tsconfig.json', 'README.md'],
          ...['src/main.ts', 'src/worker.ts', 'src/kernel-worker.ts', 'src/main.spec.ts'],
          ...['resources/pipeline.json', 'resources/MODEL_CARD.md'],
        ].map((path) => `apps/task4/${path}`),
      ),
    );
    expect([...written.keys()].filter((path) => /golden|parity\.spec/.test(path))).toEqual([]);
  });

  it(`differs from ${from} in the name alone, where both have a file`, () => {
    for (const path of ['package.json', 'src/main.ts', 'src/worker.ts']) {
      const mine = written.get(`apps/task4/${path}`)!.toString();
      expect(mine.replaceAll('task4', from)).toBe(
        readFileSync(join(ROOT, 'apps', from, path), 'utf8'),
      );
      if (path === 'package.json') expect(mine).toContain('task4');
    }
    // The program takes its name from there.
    expect(written.get('apps/task4/task.json')!.toString()).toContain('"name": "task4"');
  });

  it('has the targets of a task, which name it', () => {
    const text = written.get('apps/task4/project.json')!.toString();
    const project = JSON.parse(text) as { name: string; targets: object };
    expect(text).toContain('tools/evaluate/src/main.ts --task task4"');
    expect(project.name).toBe('task4');
    expect(Object.keys(project.targets).sort()).toEqual([
      ...['build', 'docker-build', 'docker-save', 'docker-test-run', 'doctor', 'evaluate'],
      ...['lint', 'predict', 'test', 'typecheck'],
    ]);
  });

  it('copies recipe and models byte for byte', () => {
    const resources = join(ROOT, 'apps', from, 'resources');
    const copied = readdirSync(resources).filter((name) => /\.(json|onnx)$/.test(name));
    expect(copied).toContain('pipeline.json');
    for (const name of copied) {
      const mine = written.get(`apps/task4/resources/${name}`)!;
      expect(mine.equals(readFileSync(join(resources, name)))).toBe(true);
    }
  });

  it('takes the facts of the task along, but not how the challenge scores it', () => {
    const file = join(ROOT, 'apps', from, 'task.json');
    const facts = JSON.parse(readFileSync(file, 'utf8')) as Task;
    expect(facts.outputs[0]?.evaluation).toBeDefined();
    expect(JSON.parse(written.get('apps/task4/task.json')!.toString())).toEqual({
      ...facts,
      name: 'task4',
      outputs: facts.outputs.map((output) => ({ ...output, evaluation: undefined })),
    });
  });

  it('says whose models these are', () => {
    const card = written.get('apps/task4/resources/MODEL_CARD.md')!.toString();
    expect(card).toContain(`those of \`apps/${from}\``);
  });

  it('is formatted like the rest of the workspace', async () => {
    for (const [path, content] of written) {
      if (!/\.(md|ts|json)$/.test(path) || path.includes('/resources/')) continue;
      if (path.includes('/test/')) continue;
      const filepath = join(ROOT, path);
      const text = content.toString();
      const style = await resolveConfig(filepath);
      expect(await format(text, { ...style, filepath })).toBe(text);
    }
  });
});

describe('createTask', () => {
  it.each(['task1', 'Task4', '4task', 'a b', 'task_4', '../task4', 'container', 'errors', ''])(
    'refuses "%s" as a name',
    (name) => {
      const tree = virtualTree();
      const create = () => createTask(tree, { name, kind: 'segmentation' });
      expect(create).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
      expect(tree.written.size).toBe(0);
    },
  );

  it('starts from any task of the same kind', () => {
    const tree = virtualTree();
    createTask(tree, { name: 'hpv', kind: 'prediction', from: 'task3' });
    expect(tree.written.get('apps/hpv/task.json')!.toString()).toContain('"name": "hpv"');
    expect(tree.written.get('apps/hpv/README.md')!.toString()).toContain('apps/task3');
  });

  it('takes the profile of the app along, under its name', () => {
    const tree = virtualTree();
    createTask(tree, { name: 'next', kind: 'prediction', from: 'hecktor26' });
    const profile = tree.written.get('apps/next/profile.json')!.toString();
    expect(JSON.parse(profile)).toMatchObject({ name: 'next', timeLimit: 1500 });
  });

  it.each([
    ['task1', 'is a segmentation task'],
    ['task9', 'has no resources/pipeline.json'],
  ])('refuses to start a prediction from %s', (from, words) => {
    const create = () => createTask(virtualTree(), { name: 'task4', kind: 'prediction', from });
    expect(create).toThrow(words);
  });
});
