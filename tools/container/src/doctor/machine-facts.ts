import { memoryLimit } from '@hecktor/runtime';
import { readFile, statfs } from 'node:fs/promises';
import { arch, availableParallelism, cpus, platform, release, totalmem } from 'node:os';

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
