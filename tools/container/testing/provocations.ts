import type { ErrorCode } from '@hecktor/errors';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../src/engine/open-engine.ts';
import type { RunObservation } from '../src/symptoms/symptoms.ts';

/** A container that fails in one known way. */
interface Provocation {
  readonly name: string;
  /** What it must be recognised as. */
  readonly code: ErrorCode;
  /** Options of the engine's run command, before the image. */
  readonly options: readonly string[];
  /** What runs in the container. */
  readonly command: readonly string[];
}

/** A folder with `arm64-program`, see {@link arm64Program}, is mounted there for all of them. */
const PROVOCATION_FOLDER = '/provocation';

const node = (script: string) => ['node', '-e', script];

/** Real failures of real programs, to be run in the base image under the rules of a test run. */
export const PROVOCATIONS: readonly Provocation[] = [
  {
    name: 'a CommonJS module that is not there',
    code: 'DEPENDENCY_MISSING',
    options: [],
    command: node('require("not-declared")'),
  },
  {
    name: 'an ES module that is not there',
    code: 'DEPENDENCY_MISSING',
    options: [],
    command: ['node', '--input-type=module', '-e', 'import "not-declared"'],
  },
  {
    name: 'a shared library that is not there',
    code: 'SHARED_LIBRARY_MISSING',
    options: [],
    command: node('process.dlopen({exports:{}},"/opt/native.node")'),
  },
  {
    name: 'a command that is not there',
    code: 'COMMAND_NOT_FOUND',
    options: [],
    command: ['python3', 'inference.py'],
  },
  {
    name: 'a command that a shell does not find',
    code: 'COMMAND_NOT_FOUND',
    options: [],
    command: ['bash', '-c', 'python3 inference.py'],
  },
  {
    name: 'a program for another architecture',
    code: 'WRONG_ARCHITECTURE',
    options: ['--entrypoint', `${PROVOCATION_FOLDER}/arm64-program`],
    command: [],
  },
  {
    name: 'a write to the read-only root',
    code: 'READ_ONLY_FILE_SYSTEM',
    options: ['--read-only'],
    command: node('require("fs").writeFileSync("/opt/cache","x")'),
  },
  {
    name: 'a write where the user has no rights',
    code: 'PERMISSION_DENIED',
    options: [],
    command: node('require("fs").writeFileSync("/opt/cache","x")'),
  },
  {
    name: 'a full scratch folder',
    code: 'DISK_FULL',
    options: ['--tmpfs', '/tmp:rw,mode=1777,size=1m'],
    command: node('require("fs").writeFileSync("/tmp/cache",Buffer.alloc(2e6))'),
  },
  {
    name: 'a file that is not there',
    code: 'FILE_NOT_FOUND',
    options: [],
    command: node('require("fs").readFileSync("/tmp/images/ct.mha")'),
  },
  {
    name: 'a download',
    code: 'NETWORK_ATTEMPTED',
    options: [],
    command: node('fetch("https://example.org/weights").catch((e)=>{throw e})'),
  },
  {
    name: 'a connection to an address',
    code: 'NETWORK_ATTEMPTED',
    options: [],
    command: node('require("net").connect(80,"192.0.2.1")'),
  },
  {
    name: 'memory beyond the limit of the container',
    code: 'OUT_OF_MEMORY',
    options: ['--memory', '64m', '--memory-swap', '64m'],
    command: node('const a=[];for(;;)a.push(Buffer.alloc(1e7,1))'),
  },
  {
    name: 'memory beyond RLIMIT_DATA',
    code: 'OUT_OF_MEMORY',
    options: ['--ulimit', 'data=600000000'],
    command: node('const a=[];for(;;)a.push(new Uint8Array(1e8))'),
  },
  {
    name: 'memory beyond the heap of the JavaScript engine',
    code: 'OUT_OF_MEMORY',
    options: [],
    command: ['node', '--max-old-space-size=32', '-e', 'const a=[];for(;;)a.push([...a,1])'],
  },
  {
    name: 'files that are never closed',
    code: 'TOO_MANY_OPEN_FILES',
    options: ['--ulimit', 'nofile=64'],
    command: node('for(;;)require("fs").openSync("/etc/passwd")'),
  },
  {
    name: 'threads without end',
    code: 'TOO_MANY_PROCESSES',
    options: ['--pids-limit', '20'],
    command: node(
      'const{Worker:W}=require("worker_threads");for(let i=0;i<50;i++)new W("setInterval(()=>0,1e3)",{eval:true})',
    ),
  },
  {
    name: 'an instruction that the CPU does not know',
    code: 'CPU_UNSUPPORTED',
    options: ['--init'],
    command: ['bash', '-c', 'bash -c "kill -ILL \\$\\$"'],
  },
  {
    name: 'a crash in native code',
    code: 'PROGRAM_CRASHED',
    options: ['--init'],
    command: ['bash', '-c', 'bash -c "kill -SEGV \\$\\$"'],
  },
];

/** Header of a program for 64-bit ARM: enough for the kernel to refuse it elsewhere. */
function arm64Program(): Uint8Array {
  const header = new Uint8Array(64);
  header.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  header.set([2, 0, 0xb7, 0, 1], 16);
  return header;
}

let provoked = 0;

/** Runs a provocation in an image, with no network and no rights, and says how it ended. */
export async function provoke(
  engine: Engine,
  image: string,
  { options, command }: Provocation,
): Promise<RunObservation> {
  const container = `hecktor-provocation-${process.pid}-${++provoked}-${Date.now()}`;
  const folder = await mkdtemp(join(tmpdir(), 'provocation-'));
  try {
    await chmod(folder, 0o755);
    await writeFile(join(folder, 'arm64-program'), arm64Program(), { mode: 0o755 });
    const result = await engine.exec([
      'run',
      ...['--name', container, '--network', 'none', '--user', '65532:65532', '--cap-drop', 'ALL'],
      ...['--volume', `${folder}:${PROVOCATION_FOLDER}:ro`],
      ...[...options, image, ...command],
    ]);
    const inspected = await engine.exec([
      ...['container', 'inspect', '--format', '{{.State.OOMKilled}}', container],
    ]);
    return {
      exitCode: result.code,
      timedOut: false,
      oomKilled: inspected.stdout.trim() === 'true',
      stderrTail: result.stderr,
      stdoutTail: result.stdout,
    };
  } finally {
    await engine.exec(['rm', '--force', '--volumes', container]);
    await rm(folder, { recursive: true, force: true });
  }
}
