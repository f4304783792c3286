import { memoryLimit } from '@hecktor/runtime';
import { readFile, statfs } from 'node:fs/promises';
import { arch, availableParallelism, cpus, platform, release, totalmem } from 'node:os';
import { type Check, diskRow, type Fault, memoryRow, type Purpose, row } from './checks.ts';

/** Built with it or newer; package.json says the same. */
const NODE = [20, 19] as const;

/** The rows about the machine. */
export function judgeMachine(facts: MachineFacts, purpose: Purpose): Check[] {
  const { platform, arch, wsl, node, cpus, cpuModel, cpuFlags } = facts;
  const [major = 0, minor = 0] = node.split('.').map(Number);
  const avx2 = cpuFlags === undefined ? 'AVX2 unknown' : cpuFlags.includes('avx2') ? 'AVX2' : '';
  return [
    row('machine', 'system', `${platform}/${arch}${wsl ? ' (WSL)' : ''}`, system(facts, purpose)),
    row(
      'machine',
      'Node',
      `${node} (needed: ${NODE.join('.')} or newer)`,
      (major < NODE[0] || (major === NODE[0] && minor < NODE[1])) && {
        status: 'blocker',
        fix: 'install it from https://nodejs.org',
      },
    ),
    row(
      'machine',
      'CPU',
      [`${cpus} x ${cpuModel}`, avx2].filter(Boolean).join(', '),
      arch === 'x64' && avx2 === ''
        ? {
            status: 'warning',
            code: 'CPU_UNSUPPORTED',
            fix: 'without AVX2 the models run several times slower than on the platform',
          }
        : cpus < 2 && {
            status: 'warning',
            fix: 'the platform grants two CPUs: a test run takes about twice as long here',
          },
    ),
    memoryRow('machine', 'memory', facts.memoryBytes),
    diskRow('machine', 'disk of the workspace', facts.freeBytes, {
      ...{ needed: 1, wanted: 3 },
      fix: 'free some space; dist/ and tmp/ of this workspace may be removed',
    }),
  ];
}

function system(
  { platform, arch, emulatesAmd64 }: MachineFacts,
  purpose: Purpose,
): Fault | undefined {
  const status = 'warning';
  if (platform === 'win32') {
    const fix =
      'work inside WSL 2 with Docker Desktop: the shell scripts and file permissions need Linux';
    return { status, fix };
  }
  if (platform === 'darwin' && arch === 'arm64') {
    const fix =
      'images for linux/amd64 run emulated, several times slower: switch Rosetta on in Docker ' +
      'Desktop and do not trust the times of a test run';
    return { status, fix };
  }
  if (arch === 'x64') return undefined;
  const code = 'WRONG_ARCHITECTURE';
  if (emulatesAmd64 === false) {
    const fix = 'install an emulator for linux/amd64, e.g. `sudo apt-get install qemu-user-static`';
    return { status: purpose === 'container' ? 'blocker' : status, code, fix };
  }
  const fix =
    'images for linux/amd64 run emulated, many times slower: do not trust the times of a test run';
  return { status, code, fix };
}

/** What can be learnt about the machine without an engine; undefined: not to be learnt here. */
export type MachineFacts = Awaited<ReturnType<typeof machineFacts>>;

/** Looks at this machine. */
export async function machineFacts(workspace: string) {
  const info = await text('/proc/cpuinfo');
  const flags = /^flags\s*:\s*(.*)$/m.exec(info)?.[1];
  return {
    platform: platform(),
    arch: arch(),
    wsl: /microsoft/i.test(release()),
    node: process.versions.node,
    cpus: availableParallelism(),
    cpuModel: cpus()[0]?.model.trim() ?? 'unknown',
    cpuFlags: flags?.split(/\s+/),
    memoryBytes: Math.min(totalmem(), memoryLimit() ?? Infinity),
    freeBytes: await freeBytes(workspace),
    /** Whether the kernel hands amd64 programs to an emulator; undefined where it need not. */
    emulatesAmd64:
      platform() === 'linux' && arch() !== 'x64'
        ? (await text('/proc/sys/fs/binfmt_misc/qemu-x86_64')).startsWith('enabled')
        : undefined,
  };
}

/** Free for an ordinary user on the disk of a folder; undefined where that cannot be seen. */
export async function freeBytes(folder: string): Promise<number | undefined> {
  const disk = await statfs(folder).catch(() => undefined);
  return disk === undefined ? undefined : disk.bavail * disk.bsize;
}

function text(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}
