import { bfloat16Unit } from '@hecktor/openvino';
import { memoryLimit } from '@hecktor/runtime';
import { readFile, statfs } from 'node:fs/promises';
import { arch, availableParallelism, cpus, platform, release, totalmem } from 'node:os';
import { diskRow, type Fault, memoryRow, type Purpose, row, type Row } from './checks.ts';

/** Built with it or newer; package.json says the same. */
const NODE = [20, 19] as const;

const SLOW_CPU: Fault = {
  status: 'warning',
  code: 'CPU_UNSUPPORTED',
  fix: 'without AVX2 the models run several times slower than on the platform',
};
const FEW_CPUS: Fault = {
  status: 'warning',
  fix: 'the platform grants two CPUs: a test run takes about twice as long here',
};

export function judgeMachine(facts: MachineFacts, purpose: Purpose): Row[] {
  const { node, arch, cpus, cpuModel, cpuFlags } = facts;
  const [major = 0, minor = 0] = node.split('.').map(Number);
  const isOld = major < NODE[0] || (major === NODE[0] && minor < NODE[1]);
  const bfloat16 = bfloat16Unit(cpuFlags ?? []);
  const avx2 = cpuFlags === undefined ? ', AVX2 unknown' : cpuFlags.includes('avx2') && ', AVX2';
  const cpuFault = arch === 'x64' && avx2 === false ? SLOW_CPU : cpus < 2 && FEW_CPUS;
  return [
    judgeSystem(facts, purpose),
    row(
      'Node',
      `${node} (needed: ${NODE.join('.')} or newer)`,
      isOld && { status: 'blocker', fix: 'install it from https://nodejs.org' },
    ),
    row(
      'CPU',
      `${cpus} x ${cpuModel}${avx2 || ''}${bfloat16 === undefined ? '' : `, bfloat16 by ${bfloat16}`}`,
      cpuFault,
    ),
    memoryRow('memory', facts.memoryBytes),
    diskRow('disk of the workspace', facts.freeBytes, {
      ...{ needed: 1, wanted: 3 },
      fix: 'free some space; dist/ and tmp/ of this workspace may be removed',
    }),
  ];
}

function judgeSystem({ platform, arch, wsl, emulatesAmd64 }: MachineFacts, purpose: Purpose): Row {
  const found = `${platform}/${arch}${wsl ? ' (WSL)' : ''}`;
  const warned = (fix: string) => row('system', found, { status: 'warning', fix });
  if (platform === 'win32') {
    return warned(
      'work inside WSL 2 with Docker Desktop: the shell scripts and file permissions need Linux',
    );
  }
  if (platform === 'darwin' && arch === 'arm64') {
    return warned(
      'images for linux/amd64 run emulated, several times slower: switch Rosetta on in Docker ' +
        'Desktop and do not trust the times of a test run',
    );
  }
  if (arch === 'x64') return row('system', found);
  return row('system', found, {
    status: emulatesAmd64 === false && purpose === 'container' ? 'blocker' : 'warning',
    code: 'WRONG_ARCHITECTURE',
    fix:
      emulatesAmd64 === false
        ? 'install an emulator for linux/amd64, e.g. `sudo apt-get install qemu-user-static`'
        : 'images for linux/amd64 run emulated, many times slower: do not trust the times of a test run',
  });
}

/** What can be learnt about the machine without an engine; undefined: not to be learnt here. */
export type MachineFacts = Awaited<ReturnType<typeof machineFacts>>;

export async function machineFacts(workspace: string) {
  const flags = /^flags\s*:\s*(.*)$/m.exec(await text('/proc/cpuinfo'))?.[1];
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
  return disk && disk.bavail * disk.bsize;
}

function text(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}
