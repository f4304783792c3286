// Breaks the rule that BREAK names and keeps to all others. The entry point of the image
// of rule-breakers.spec.ts.
import { execFile, spawn } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

const rule = process.env.BREAK;
const [input, output] = existsSync('/input')
  ? ['/input', '/output']
  : ['/tmp/input', '/tmp/output'];

/** A good mask is the case's own CT header with the voxels of uint8 behind it. */
function mask({ type = 'MET_UCHAR', bytes = 1, origin, values = [0, 1, 2] } = {}) {
  const folder = join(input, 'images/ct');
  const ct = readFileSync(join(folder, readdirSync(folder)[0]));
  const end = ct.indexOf('\n', ct.indexOf('ElementDataFile')) + 1;
  const size = /DimSize = ([\d ]+)/.exec(ct.subarray(0, end))[1].split(' ').map(Number);
  const voxels = size[0] * size[1] * size[2];
  const data = Buffer.alloc(voxels * bytes);
  for (let i = 0; i < voxels; i++) {
    const value = values[i % values.length];
    if (type === 'MET_FLOAT') data.writeFloatLE(value, 4 * i);
    else data.writeUInt8(value, i);
  }
  let header = ct
    .subarray(0, end)
    .toString()
    .replace(/ElementType = \w+/, `ElementType = ${type}`)
    .replace(/CompressedData = \w+/, 'CompressedData = False')
    .replace(/CompressedDataSize = .*\n/, '');
  if (origin !== undefined) header = header.replace(/Offset = .*/, `Offset = ${origin}`);
  write(
    'images/tumor-lymph-node-segmentation/output.mha',
    Buffer.concat([Buffer.from(header), data]),
  );
}

function write(path, content) {
  mkdirSync(dirname(join(output, path)), { recursive: true });
  writeFileSync(join(output, path), content);
}

const quietly = (attempt) => {
  try {
    attempt();
  } catch {
    // A program that swallows the refusal is what the rule is about.
  }
};

const BREAK = {
  nothing: () => mask(),
  'writes-quietly': () => {
    quietly(() => writeFileSync('/opt/cache/weights.bin', 'x'));
    mask();
  },
  'writes-and-fails': () => writeFileSync('/opt/cache/weights.bin', 'x'),
  'extra-file': () => {
    mask();
    write('images/cache.bin', 'x');
  },
  'no-output': () => undefined,
  'float-mask': () => mask({ type: 'MET_FLOAT', bytes: 4 }),
  'wrong-labels': () => mask({ values: [0, 1, 3] }),
  'wrong-grid': () => mask({ origin: '1 2 3' }),
  'empty-mask': () => mask({ values: [0] }),
  'number-as-text': () => write('rfs.json', '"0.5"'),
  'not-a-number': () => write('rfs.json', 'NaN'),
  'number-for-boolean': () => write('hpv-status.json', '1'),
  connects: async () => {
    await new Promise((resolve) => connect(443, '198.51.100.7').on('error', resolve));
    mask();
  },
  'connects-ipv6': async () => {
    await new Promise((resolve) => connect(443, '2001:db8::7').on('error', resolve));
    mask();
  },
  'looks-up': async () => {
    await lookup('weights.example.org').catch(() => undefined);
    mask();
  },
  'talks-to-itself': async () => {
    await new Promise((resolve) => connect(9, '127.0.0.1').on('error', resolve));
    mask();
  },
  'downloads-and-fails': () => lookup('weights.example.org'),
  sleeps: async () => {
    process.on('SIGTERM', () => process.exit(143));
    await pause(60_000);
  },
  'ignores-stop': async () => {
    process.on('SIGTERM', () => console.log('no'));
    await pause(60_000);
  },
  'takes-memory': () => {
    const kept = [];
    while (kept.length < 64) kept.push(Buffer.alloc(16 * 2 ** 20, 1));
  },
  // Asked for and never touched: no memory is used, and yet the limit on data is passed.
  'takes-data': () => {
    const kept = [];
    while (kept.length < 64) kept.push(Buffer.allocUnsafeSlow(64 * 2 ** 20));
  },
  'starts-processes': async () => {
    const started = Array.from({ length: 40 }, () => spawn('/bin/sleep', ['2']));
    await Promise.all(
      started.map(
        (child) => new Promise((resolve) => child.on('error', resolve).on('exit', resolve)),
      ),
    );
    mask();
  },
  'starts-processes-and-fails': async () => {
    const run = promisify(execFile);
    await Promise.all(Array.from({ length: 40 }, () => run('/bin/sleep', ['2'])));
  },
  'opens-files': () => {
    for (let i = 0; i < 200; i++) openSync(`/tmp/${i}`, 'w');
  },
  varies: () => mask({ values: Array.from(randomBytes(97), (value) => value % 3) }),
  throws: () => JSON.parse('{'),
  'fails-silently': () => process.exit(9),
};

await BREAK[rule]();
