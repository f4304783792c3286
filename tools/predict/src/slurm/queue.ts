import { execFile } from 'node:child_process';
import { HecktorError } from '@hecktor/errors';

/** An element of an array job as the queue has it. */
export interface QueuedElement {
  readonly job: string;
  readonly index: number;
  /** Slurm's word: PENDING, RUNNING, CANCELLED ... */
  readonly state: string;
  /** Name of the job. */
  readonly name: string;
}

const ACTIVE = new Set(
  'CONFIGURING COMPLETING PENDING REQUEUED RESIZING RUNNING SIGNALING STAGE_OUT STOPPED SUSPENDED'.split(
    ' ',
  ),
);

/** Whether an element will still run, runs, or is being tidied up. */
export function isActive({ state }: QueuedElement): boolean {
  return ACTIVE.has(state);
}

/**
 * This user's elements, those that ended in the last minutes among them; undefined when the queue does
 * not answer, as a busy controller does at times.
 */
export async function readQueue(): Promise<readonly QueuedElement[] | undefined> {
  const { code, stdout } = await run('squeue', [
    ...['--noheader', '--array', '--states=all', `--user=${process.getuid?.()}`],
    '--format=%F|%K|%T|%j',
  ]);
  if (code !== 0) return undefined;
  return stdout.split('\n').flatMap((line) => {
    const [job, index, state, name] = line.split('|');
    if (job === undefined || state === undefined || name === undefined) return [];
    return [{ job, index: Number(index), state, name }];
  });
}

/** How an element ended that the queue has forgotten; undefined where no accounting is kept. */
export async function accountedState(job: string, index: number): Promise<string | undefined> {
  const args = ['--noheader', '--allocations', '--parsable2', '--format=State'];
  const { code, stdout } = await run('sacct', [...args, `--jobs=${job}_${index}`]);
  // "CANCELLED by 1000"
  return code === 0 ? stdout.split('\n')[0]?.split(' ')[0] || undefined : undefined;
}

/** The greatest number of elements that one array may have here. */
export async function maxArraySize(): Promise<number> {
  const { stdout } = await run('scontrol', ['show', 'config']);
  return Number(/^MaxArraySize\s*=\s*(\d+)/m.exec(stdout)?.[1] ?? 1001);
}

interface ArrayJob {
  readonly name: string;
  readonly count: number;
  /** Elements at a time; undefined: as many as the cluster has places for. */
  readonly atOnce?: number | undefined;
  /** File name with Slurm's `%a` for the index. */
  readonly log: string;
  /** A shell script, with settings of its own. */
  readonly script: string;
}

/**
 * Submits an array job and returns its id.
 *
 * @throws HecktorError SLURM_FAILED with the words of sbatch.
 */
export async function submitArray(array: ArrayJob): Promise<string> {
  const atOnce = array.atOnce === undefined ? '' : `%${array.atOnce}`;
  const args = [
    ...['--parsable', `--job-name=${array.name}`, `--array=0-${array.count - 1}${atOnce}`],
    ...[`--output=${array.log}`, '--open-mode=append'],
  ];
  const { code, stdout, stderr } = await run('sbatch', args, array.script);
  // With several clusters "id;cluster".
  if (code === 0) return stdout.trim().split(';')[0]!;
  throw new HecktorError('SLURM_FAILED', { detail: `sbatch says: ${lastLine(stderr)}` });
}

/** Ends elements that wait or run; those that have ended already do not matter. */
export async function cancelJobs(jobs: readonly string[]): Promise<void> {
  await run('scancel', jobs);
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

interface Said {
  /** 127: there is no such command. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(command: string, args: readonly string[], input = ''): Promise<Said> {
  return new Promise((resolve) => {
    const options = { env: process.env, maxBuffer: 2 ** 26 };
    const child = execFile(command, args, options, (error, stdout, stderr) => {
      const missing = error?.code === ('ENOENT' as unknown);
      if (missing) resolve({ code: 127, stdout, stderr: `there is no command ${command}` });
      else resolve({ code: error === null ? 0 : 1, stdout, stderr });
    });
    // A command that does not read is told of by its code.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}
