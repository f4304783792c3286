import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { modelMemory } from './graph-memory.ts';

const golden = (name: string): string =>
  fileURLToPath(new URL(`../golden/${name}.onnx`, import.meta.url));

describe('modelMemory', () => {
  it.each(['conv', 'dynamic-batch'])('counts input and output of one convolution: %s', (name) => {
    // [1, 2, 3, 4, 5] to [1, 3, 3, 4, 5] in float32; a batch counts as one.
    expect(modelMemory(golden(name))).toEqual({
      activations: 4 * (120 + 180),
      classes: { logits: 3 },
    });
  });

  it('adds what a network holds in between, buffers used again', () => {
    const folder = '../../pipeline/golden/nnunet-folders/folders/plain/fold_0.onnx';
    const { activations, classes } = modelMemory(fileURLToPath(new URL(folder, import.meta.url)));
    expect(classes).toEqual({ logits: 3 });
    // Two channels in, three classes out and feature maps of 8 channels in between, all of 32³.
    const channels = activations! / (4 * 32 ** 3);
    expect(channels).toBeGreaterThan(2 + 3 * 8);
    expect(channels).toBeLessThan(2 + 5 * 8);
  });

  it('says so of a file that it cannot read', () => {
    expect(modelMemory(fileURLToPath(import.meta.url))).toEqual({
      activations: undefined,
      classes: {},
    });
  });
});
