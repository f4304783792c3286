import { describe, expect, it } from '@jest/globals';
import { CATALOGUE, EXIT, HecktorError, isHecktorError } from './index.ts';

describe('HecktorError', () => {
  it('says in one line which file, what is wrong, the likely cause and the fix', () => {
    const error = new HecktorError('IMAGE_TRUNCATED', {
      file: 'ct.mha',
      detail: 'expected 100 bytes of voxels, got 60',
    });
    expect(error.message).toBe(
      'IMAGE_TRUNCATED [ct.mha] the image data ends too early: expected 100 bytes of voxels, got 60. ' +
        'Likely cause: an interrupted copy or download, or a full disk when it was written. ' +
        'Fix: copy the file again.',
    );
    expect(error.exitCode).toBe(EXIT.input);
  });

  it('keeps the origin out of the message', () => {
    const error = new HecktorError('INTERNAL', { origin: new Error('secret 1.25') });
    expect(error.message).not.toContain('secret');
    expect((error.cause as Error).message).toBe('secret 1.25');
  });

  it('is recognised by its guard, by code when one is given', () => {
    const error = new HecktorError('TIMEOUT');
    expect(isHecktorError(error)).toBe(true);
    expect(isHecktorError(error, 'TIMEOUT')).toBe(true);
    expect(isHecktorError(error, 'INTERRUPTED')).toBe(false);
    expect(isHecktorError(new Error('TIMEOUT'))).toBe(false);
  });

  it('has a catalogue whose sentences fit into one message', () => {
    for (const [code, entry] of Object.entries(CATALOGUE)) {
      expect(code).toMatch(/^[A-Z][A-Z_]+$/);
      for (const sentence of [entry.what, entry.cause, entry.fix]) {
        expect(sentence.length).toBeGreaterThan(8);
        expect(sentence).not.toMatch(/[.\n]$/);
      }
      expect(entry.exitCode).toBeGreaterThan(0);
      expect(entry.exitCode).toBeLessThan(125);
    }
  });
});
