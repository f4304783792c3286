import { memoryLimit } from '@hecktor/runtime';
import { readFile, statfs } from 'node:fs/promises';
import { arch, availableParallelism, cpus, platform, release, totalmem } from 'node:os';
import type { Check, Purpose } from './checks.ts';

const GB = 1e9;
/** Built with it or newer; package.json says the same. */
const NODE = [20, 19] as const;

/** The rows about the machine. */
export function judgeMachine(facts: MachineFacts, purpose: Purpose): Check[] {
  return [system(facts, purpose), node(facts), cpu(facts), memory(facts), disk(facts)];
}

function row(name: string, found: string): Check {
  return { area: 'machine', name, status: 'ok', found };
}

function system(facts: MachineFacts, purpose: Purpose): Check {
  const { platform, arch, wsl, emulatesAmd64 } = facts;
  const check = row('system', `${platform}/${arch}${wsl ? ' (WSL)' : ''}`);
  if (platform === 'win32') {
    return {
      ...check,
      status: 'warning',
      fix: 'work inside WSL 2 with Docker Desktop: the shell scripts and file permissions need Linux',
    };
  }
  if (platform === 'darwin' && arch === 'arm64') {
    return {
      ...check,
      status: 'warning',
      fix:
        'images for linux/amd64 run emulated, several times slower: switch Rosetta on in Docker ' +
        'Desktop and do not trust the times of a test run',
    };
  }
  if (arch !== 'x64') {
    return {
      ...check,
      status: emulatesAmd64 === false && purpose === 'container' ? 'blocker' : 'warning',
      code: 'WRONG_ARCHITECTURE',
      fix:
        emulatesAmd64 === false
          ? 'install an emulator for linux/amd64, e.g. `sudo apt-get install qemu-user-static`'
          : 'images for linux/amd64 run emulated, many times slower: do not trust the times of a test run',
    };
  }
  return check;
}

function node({ node: version }: MachineFacts): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const fits = major > NODE[0] || (major === NODE[0] && minor >= NODE[1]);
  const check = row('Node', `${version} (needed: ${NODE.join('.')} or newer)`);
  return fits ? check : { ...check, status: 'blocker', fix: 'install it from https://nodejs.org' };
}

function cpu({ cpus, cpuModel, cpuFlags, arch }: MachineFacts): Check {
  const avx2 = cpuFlags === undefined ? 'AVX2 unknown' : cpuFlags.includes('avx2') ? 'AVX2' : '';
  const check = row('CPU', [`${cpus} x ${cpuModel}`, avx2].filter(Boolean).join(', '));
  if (arch === 'x64' && avx2 === '') {
    return {
      ...check,
      status: 'warning',
      code: 'CPU_UNSUPPORTED',
      fix: 'without AVX2 the models run several times slower than on the platform',
    };
  }
  return cpus >= 2
    ? check
    : {
        ...check,
        status: 'warning',
        fix: 'the platform grants two CPUs: a test run takes about twice as long here',
      };
}

function memory({ memoryBytes }: MachineFacts): Check {
  const check = row('memory', `${(memoryBytes / GB).toFixed(1)} GB`);
  return enoughMemory(check, memoryBytes);
}

/** 16 GB is the platform's limit; machines sold as such show a little less. */
export function enoughMemory(check: Check, bytes: number): Check {
  if (bytes >= 15 * GB) return check;
  return {
    ...check,
    status: bytes < 4 * GB ? 'blocker' : 'warning',
    code: 'OUT_OF_MEMORY',
    fix:
      bytes < 4 * GB
        ? 'the demonstration models need about 4 GB; use another machine'
        : 'below the 16 GB of the platform: what runs here runs there, but a large model may be killed here already',
  };
}

function disk({ freeBytes }: MachineFacts): Check {
  return enoughDisk(row('disk of the workspace', ''), freeBytes, {
    needed: 1 * GB,
    wanted: 3 * GB,
    fix: 'free some space; dist/ and tmp/ of this workspace may be removed',
  });
}

/** Judges free space; `undefined` is space that cannot be seen. */
export function enoughDisk(
  check: Check,
  free: number | undefined,
  { needed, wanted, fix }: { needed: number; wanted: number; fix: string },
): Check {
  if (free === undefined)
    return { ...check, status: 'note', found: 'cannot be seen from here', fix };
  const found = `${(free / GB).toFixed(1)} GB free`;
  if (free >= wanted) return { ...check, found };
  return { ...check, found, status: free < needed ? 'blocker' : 'warning', code: 'DISK_FULL', fix };
}

/** What can be learnt about the machine without an engine; undefined: not to be learnt here. */
export interface MachineFacts {
  /** As Node calls it, e.g. `linux`, `darwin`, `win32`. */
  readonly platform: string;
  /** E.g. `x64`, `arm64`. */
  readonly arch: string;
  /** Linux on Windows (WSL). */
  readonly wsl: boolean;
  /** E.g. `20.19.0`. */
  readonly node: string;
  readonly cpus: number;
  readonly cpuModel: string;
  readonly cpuFlags: readonly string[] | undefined;
  readonly memoryBytes: number;
  /** Free on the disk of the workspace. */
  readonly freeBytes: number | undefined;
  /** Whether the kernel hands amd64 programs to an emulator; undefined where it need not. */
  readonly emulatesAmd64: boolean | undefined;
}

/** Looks at this machine. */
export async function machineFacts(workspace: string): Promise<MachineFacts> {
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
