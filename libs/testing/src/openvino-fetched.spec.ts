import { describe, expect, it } from '@jest/globals';
import { openVinoFetched } from './openvino-fetched.ts';

describe('openVinoFetched', () => {
  it('is false where it is not meant to be there, under CI too', () => {
    expect(openVinoFetched({ OPENVINO: 'none', CI: 'true' })).toBe(false);
  });
});
