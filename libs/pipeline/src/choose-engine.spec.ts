import { describe, expect, it } from '@jest/globals';
import type { EngineSettings } from '@hecktor/recipe';
import { chooseEngine, thisMachine, type Machine } from './choose-engine.ts';

const platform: Machine = { openVino: true, bfloat16: 'AMX' };
const skylake: Machine = { openVino: true, bfloat16: undefined };
const mac: Machine = { openVino: false, bfloat16: undefined };

describe('chooseEngine', () => {
  it.each<[EngineSettings, Machine, string]>([
    [{}, platform, 'onnxruntime float32'],
    [{ engine: 'onnxruntime' }, mac, 'onnxruntime float32'],
    [{ engine: 'openvino' }, platform, 'openvino float32'],
    [{ engine: 'openvino', precision: 'bfloat16' }, platform, 'openvino bfloat16'],
    [
      { engine: 'openvino', precision: 'auto', bfloat16Agreement: 0.999 },
      platform,
      'openvino bfloat16',
    ],
  ])('gives what %j asks of %j: %s', (settings, machine, wanted) => {
    const { engine, precision, warning } = chooseEngine(settings, machine);
    expect(`${engine} ${precision}`).toBe(wanted);
    expect(warning).toBeUndefined();
  });

  it.each<[EngineSettings, Machine, string, string]>([
    [{ engine: 'openvino', precision: 'bfloat16' }, mac, 'onnxruntime', 'linux/x64 only'],
    [{ engine: 'openvino', precision: 'bfloat16' }, skylake, 'openvino', 'neither AMX nor'],
    [{ engine: 'openvino', precision: 'auto', bfloat16Agreement: 1 }, skylake, 'openvino', 'AMX'],
    [
      { engine: 'openvino', precision: 'auto', bfloat16Agreement: 0.9989 },
      platform,
      'openvino',
      '0.9989, expected at least 0.999',
    ],
    [{ engine: 'openvino', precision: 'auto' }, platform, 'openvino', 'not stated'],
  ])('says why %j on %j ends as float32', (settings, machine, engine, words) => {
    expect(chooseEngine(settings, machine)).toEqual({
      engine,
      precision: 'float32',
      warning: expect.stringContaining(words),
    });
  });

  it('knows this machine', () => {
    expect(thisMachine().openVino).toBe(process.platform === 'linux' && process.arch === 'x64');
  });
});
