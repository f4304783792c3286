import { bfloat16Unit, isSupported, type Bfloat16Unit, type Precision } from '@hecktor/openvino';
import type { EngineSettings } from '@hecktor/recipe';

/** Least share of equal answers at which `auto` takes bfloat16. */
const LEAST_AGREEMENT = 0.999;

/** What a machine can do. */
export interface Machine {
  /** Whether OpenVINO runs on it. */
  readonly openVino: boolean;
  readonly bfloat16: Bfloat16Unit | undefined;
}

/** What runs the networks of a recipe. */
interface EngineChoice {
  readonly engine: 'onnxruntime' | 'openvino';
  readonly precision: Precision;
  /** Why it is not what the recipe asks for. */
  readonly warning?: string;
}

/** What this machine can do. */
export function thisMachine(): Machine {
  return { openVino: isSupported, bfloat16: bfloat16Unit() };
}

/** Decides what runs the networks of a recipe on a machine. */
export function chooseEngine(settings: EngineSettings, machine: Machine): EngineChoice {
  const { engine = 'onnxruntime', precision: wanted = 'float32', bfloat16Agreement } = settings;
  if (engine === 'onnxruntime') return { engine, precision: 'float32' };
  if (!machine.openVino) {
    const warning =
      'the recipe asks for OpenVINO, which runs on linux/x64 only: ONNX Runtime it is';
    return { engine: 'onnxruntime', precision: 'float32', warning };
  }
  const float32 = (warning: string): EngineChoice => ({ engine, precision: 'float32', warning });
  if (wanted === 'float32') return { engine, precision: wanted };
  if (machine.bfloat16 === undefined) {
    return float32('this CPU has neither AMX nor AVX512-BF16: the networks run in float32');
  }
  if (wanted === 'auto' && !((bfloat16Agreement ?? 0) >= LEAST_AGREEMENT)) {
    return float32(
      `inference.bfloat16Agreement is ${bfloat16Agreement ?? 'not stated'}, expected at least ` +
        `${LEAST_AGREEMENT}: the networks run in float32`,
    );
  }
  return { engine, precision: 'bfloat16' };
}
