// Run once inside the image build: fails it when the program could not start in this base image.
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { spawnSync } from 'node:child_process';

const folder = new URL('.', import.meta.url);
const { InferenceSession } = createRequire(import.meta.url)('onnxruntime-node');
if (typeof InferenceSession?.create !== 'function') throw new Error('ONNX Runtime did not load');

const openVino = new URL('node_modules/.openvino/', import.meta.url);
if (existsSync(openVino)) {
  const library = readdirSync(openVino).find((name) => name.startsWith('libopenvino_c.so'));
  createRequire(import.meta.url)('koffi').load(new URL(library, openVino).pathname);
}

const programs = readdirSync(folder).filter((name) => name.endsWith('.mjs'));
if (!programs.includes('main.mjs')) throw new Error('the bundle has no main.mjs');
for (const name of programs) {
  const { status, stderr } = spawnSync(process.execPath, [
    '--check',
    new URL(name, folder).pathname,
  ]);
  if (status !== 0) throw new Error(`${name} cannot be parsed: ${stderr}`);
}
console.log(`checked on Node ${process.version}: ${programs.join(', ')}`);
