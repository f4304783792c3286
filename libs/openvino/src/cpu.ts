import { readFileSync } from 'node:fs';

/** What computes bfloat16 in an x86 CPU, the fastest first, and the kernel's flag for it. */
const UNITS = { AMX: 'amx_bf16', 'AVX512-BF16': 'avx512_bf16' } as const;

/** An instruction set for bfloat16. */
export type Bfloat16Unit = keyof typeof UNITS;

/**
 * What this CPU computes bfloat16 with; undefined for one that does not.
 *
 * @param flags - As `/proc/cpuinfo` has them. Default: this machine's.
 */
export function bfloat16Unit(flags: readonly string[] = cpuFlags()): Bfloat16Unit | undefined {
  const units = Object.keys(UNITS) as Bfloat16Unit[];
  return units.find((unit) => flags.includes(UNITS[unit]));
}

/** The first CPU's flags; none where the system does not tell. */
function cpuFlags(): string[] {
  try {
    const text = readFileSync('/proc/cpuinfo', 'utf8');
    return /^flags\s*:\s*(.*)$/m.exec(text)?.[1]?.split(/\s+/) ?? [];
  } catch {
    return [];
  }
}
