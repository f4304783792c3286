import { describe, expect, it } from '@jest/globals';
import { describeAnswers, describeMasks, describeTensors } from './describe.ts';
import { createGrid, createVolume } from '@hecktor/volume';

describe('describeAnswers', () => {
  it('reports the relative difference of risks', () => {
    expect(describeAnswers(-0.5, -0.50005)).toBe(
      'Risks: ours -0.50000000, Python -0.50005000; relative difference 1.0e-4.',
    );
    expect(describeAnswers(1, 1)).toContain('relative difference 0.0e+0');
  });

  it('reports whether classes are equal', () => {
    expect(describeAnswers(true, true)).toBe('Both sides answer true.');
    expect(describeAnswers(true, false)).toBe('The answers differ: ours true, Python false.');
  });
});

const mask = (...labels: number[]) => createVolume(createGrid([4, 1, 1]), Uint8Array.from(labels));

describe('describeMasks', () => {
  it('reports the share of equal voxels and the Dice of each label', () => {
    expect(describeMasks(mask(0, 1, 1, 2), mask(0, 1, 0, 2))).toBe(
      "Masks, ours and Python's: 75.0000% of all voxels equal; " +
        'label 1 Dice 0.6667 (2 voxels), label 2 Dice 1.0000 (1 voxels).',
    );
  });

  it('reports different grids', () => {
    const moved = createVolume(createGrid([4, 1, 1], { origin: [1, 0, 0] }), new Uint8Array(4));
    expect(describeMasks(mask(0, 0, 0, 0), moved)).toContain('different grids');
  });
});

describe('describeTensors', () => {
  it('reports the differences of each channel', () => {
    const ours = Float32Array.of(1, 2, 0, 4);
    const python = Float32Array.of(1, 2, 0.5, 4.0005);
    expect(describeTensors(ours, python, ['ct', 'pet'])).toBe(
      "Tensors, ours and Python's: ct: largest difference 0.0, more than 0.001 apart in 0 of 2 voxels; " +
        'pet: largest difference 0.50, more than 0.001 apart in 1 of 2 voxels.',
    );
  });

  it('does not let NaN pass for agreement', () => {
    const text = describeTensors(Float32Array.of(NaN), Float32Array.of(1), ['ct']);
    expect(text).toContain('largest difference NaN, more than 0.001 apart in 1 of 1');
  });

  it('reports another size', () => {
    expect(describeTensors(new Float32Array(2), new Float32Array(3), ['ct'])).toContain('2 and 3');
  });
});
