import { describe, expect, it } from '@jest/globals';
import { describeTensors } from './describe-tensors.ts';

describe('describeTensors', () => {
  it('tells the differences of each channel', () => {
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

  it('tells another size', () => {
    expect(describeTensors(new Float32Array(2), new Float32Array(3), ['ct'])).toContain('2 and 3');
  });
});
