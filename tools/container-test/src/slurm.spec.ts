import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { appAt, buildImage } from '@hecktor/container';
import { writeVolume } from '@hecktor/image-io';
import { containerCommand, unpackImage } from '@hecktor/predict';
import { createPhantom } from '@hecktor/testing';
import { engineForTests } from './engine-for-tests.ts';

// A real Slurm on this machine, which tools/container/provision starts for CI.
const MINUTE = 60_000;
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const IMAGE = `hecktor-slurm-test:${process.pid}`;
const call = promisify(execFile);
const app = appAt(ROOT, 'task3');
const engine = await engineForTests();
const withSlurm = (await hasSlurm()) && engine !== undefined ? describe : describe.skip;

const folder = mkdtempSync(join(tmpdir(), 'slurm-test-'));
const [data, archive] = [join(folder, 'cohort'), join(folder, 'image.tar')];
const IDS = Array.from({ length: 12 }, (_, i) => `P-${String(i).padStart(2, '0')}`);
const BROKEN = 'P-05';
const running: ChildProcess[] = [];

/** False where there is none; throws under CI=true, where nothing may be skipped. */
async function hasSlurm(): Promise<boolean> {
  try {
    await call('scontrol', ['ping']);
    await call('ch-run', ['--version'], { env: { ...process.env, USER: 'root' } });
    return true;
  } catch (error) {
    if (process.env['CI'] === 'true') throw error;
    process.stderr.write(`tests on Slurm are skipped: ${String(error)}\n`);
    return false;
  }
}

function predict(out: string, ...more: string[]): ChildProcess & { said: () => string } {
  const script = ['tools/build/run-ts.mjs', 'tools/predict/src/main.ts', '--task=task3'];
  const options = [`--data=${data}`, `--out=${join(folder, out)}`, '--threads=1', ...more];
  const child = spawn(process.execPath, [...script, ...options], {
    cwd: ROOT,
    // Two elements fit beside each other into a machine of CI.
    env: { ...process.env, SBATCH_MEM_PER_NODE: '2000', TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  }
  running.push(child);
  return Object.assign(child, { said: () => said });
}

async function codeOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
  return child.exitCode;
}

/** Every file of a folder of predictions whose bytes are told to be the same, by its name. */
function contentOf(out: string): Record<string, string> {
  const whole = join(folder, out);
  const files = readdirSync(whole, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(whole, join(entry.parentPath, entry.name)))
    .filter((name) => !/^slurm\/|(usage\.json|log\.jsonl)$/.test(name));
  const content = files.map((name) => [name, readFileSync(join(whole, name)).toString('latin1')]);
  return Object.fromEntries(content) as Record<string, string>;
}

/** Waits until an element of an array is at work on a case. */
async function elementAtWork(out: string): Promise<string> {
  for (;;) {
    const { stdout } = await call('squeue', [
      '--noheader',
      '--array',
      '--states=R',
      '--format=%i %j',
    ]);
    const work = join(folder, out, '.work');
    const [id] = existsSync(work) ? readdirSync(work) : [];
    const element = stdout.split('\n').find((line) => line.includes('hecktor-task3'));
    if (element !== undefined && id !== undefined) return element.split(' ')[0]!;
    await setTimeout(20);
  }
}

/** Runs a command as a user who owns nothing but `place`, or as far as that can be had. */
function asNobody(place: string, command: string, args: readonly string[]) {
  const env = { PATH: process.env['PATH'], USER: 'nobody' };
  if (process.getuid?.() !== 0)
    return call(command, ['--uid=4242', '--gid=4242', ...args], { env });
  chownSync(place, 4242, 4242);
  const user = ['--reuid=4242', '--regid=4242', '--clear-groups'];
  return call('setpriv', [...user, command, ...args], { env });
}

withSlurm('a cohort on Slurm', () => {
  beforeAll(async () => {
    chmodSync(folder, 0o755);
    const rows = IDS.map((id, i) => `${id},${50 + i},M0`);
    mkdirSync(data);
    writeFileSync(join(data, 'x_Task_3.csv'), ['PatientID,Age,M-stage', ...rows, ''].join('\n'));
    for (const [i, id] of IDS.entries()) {
      const { ct, pet } = createPhantom(3000 + i, {
        ct: { matrix: 128, spacing: 3.90625, slice: 4 },
        pet: { matrix: 88, spacing: 5.5, slice: 4, detail: 4 },
      });
      mkdirSync(join(data, id));
      await writeVolume(join(data, id, `${id}__CT.nii.gz`), ct);
      await writeVolume(join(data, id, `${id}__PT.nii.gz`), pet);
    }
    const broken = join(data, BROKEN, `${BROKEN}__CT.nii.gz`);
    truncateSync(broken, Math.floor(statSync(broken).size / 2));
    await buildImage(engine!, {
      ...{ app, tag: IMAGE, nodeImage: 'node:26-bookworm-slim' },
      ...{ resources: join(app.root, 'resources'), bundle: join(ROOT, 'dist/apps/task3') },
    });
    await engine!.require(['save', '--output', archive, IMAGE]);
  }, 5 * MINUTE);

  afterAll(async () => {
    for (const child of running) child.kill('SIGKILL');
    await engine?.exec(['image', 'rm', '--force', IMAGE]);
    rmSync(folder, { recursive: true, force: true });
  });

  it(
    'gives the bytes of a run on one machine, though a case fails, an element and the run are killed',
    async () => {
      const native = predict('native');
      expect(await codeOf(native)).toBe(1);

      const options = ['--on=slurm', '--container=ch-run', `--image=${archive}`];
      const first = predict('slurm', ...options);
      await elementAtWork('slurm');
      first.kill('SIGKILL');
      const second = predict('slurm', ...options);
      while (!second.said().includes(' running')) await setTimeout(100);
      await call('scancel', ['--signal=KILL', '--full', await elementAtWork('slurm')]);
      expect(await codeOf(second)).toBe(1);

      expect(second.said()).toContain('with ch-run');
      expect(second.said()).toMatch(/its element ended as \w+ and is submitted again/);
      // The second run waited for the elements of the first; the element that was killed is the other.
      expect(readdirSync(join(folder, 'slurm/slurm'))).toHaveLength(2);
      const [ours, theirs] = [contentOf('slurm'), contentOf('native')];
      // The image has a Node.js of its own.
      const node = /"node": "(.*)"/;
      expect(node.exec(ours['run.json']!)![1]).toMatch(/^v26\./);
      const named = theirs['run.json']!.replace(node, node.exec(ours['run.json']!)![0]);
      expect(ours).toEqual({ ...theirs, 'run.json': named });
    },
    5 * MINUTE,
  );

  it(
    'runs the image as another user, with a read-only root and without HOME',
    async () => {
      const input = join(folder, 'input');
      cpSync(join(app.root, 'test/input'), input, { recursive: true });
      const expected = join(app.root, 'test/expected/hpv-status.json');
      const image = await unpackImage(archive, join(folder, 'images'));
      const output = mkdtempSync(join(folder, 'output-'));
      const run = { input, output, env: {} };
      const { command, args } = containerCommand({ runtime: 'ch-run', image }, run);
      expect(args.join(' ')).not.toContain('HOME');
      await asNobody(output, command, args);
      const answer = readFileSync(join(output, 'hpv-status.json'), 'utf8');
      expect(JSON.parse(answer)).toEqual(JSON.parse(readFileSync(expected, 'utf8')));

      const program = args.slice(0, args.indexOf('--') + 1);
      const write = ['node', '-e', 'fs.writeFileSync("/opt/app/x", "")'];
      await expect(asNobody(output, command, [...program, ...write])).rejects.toThrow('EROFS');
    },
    MINUTE,
  );
});
