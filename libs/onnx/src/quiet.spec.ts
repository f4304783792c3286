import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { buildSync } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));

it('writes nothing of its own to stdout or stderr, failing or not', () => {
  // Native code writes past process.stderr, so only a process of its own shows it.
  const script = `
    import { openModel } from './index.ts';
    const model = await openModel('../golden/wrong-at-run-time.onnx', { threads: 1 });
    const run = (n) => model.run({ data: new Float32Array(n * 2), dims: [n, 2] });
    await run(3).catch((error) => process.stdout.write(error.code + ' '));
    await openModel('../golden/unknown-operator.onnx', { threads: 1 })
      .catch((error) => process.stdout.write(error.code + ' '));
    await openModel('../golden/external-outside.onnx', { threads: 1 })
      .catch((error) => process.stdout.write(error.code));
    await model.release();`;
  const bundle = buildSync({
    stdin: { contents: script, resolveDir: here, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['onnxruntime-node'],
    write: false,
  });
  const code = bundle.outputFiles[0]!.text;
  const child = spawnSync(process.execPath, ['--input-type=module', '-'], {
    cwd: here,
    input: code,
    encoding: 'utf8',
  });
  expect(child.stderr).toBe('');
  expect(child.stdout).toBe('MODEL_INVALID MODEL_INVALID MODEL_INVALID');
  expect(child.status).toBe(0);
});
