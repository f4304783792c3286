import { describe, expect, it } from '@jest/globals';
import { bfloat16Unit } from './cpu.ts';

describe('bfloat16Unit', () => {
  it.each([
    // Sapphire Rapids, Zen 4, Skylake.
    [['avx512f', 'avx512_bf16', 'amx_bf16', 'amx_tile', 'amx_int8'], 'AMX'],
    [['avx2', 'avx512f', 'avx512_bf16'], 'AVX512-BF16'],
    [['avx2', 'avx512f', 'avx512_vnni'], undefined],
    [[], undefined],
  ])('of %j is %s', (flags, unit) => expect(bfloat16Unit(flags)).toBe(unit));
});
