import type { Predictor } from '@hecktor/inference';
import type { OnnxModel } from './onnx-model.ts';

/**
 * The predictor that a model is for `slidingWindowInference`. A model exported for one window at
 * a time is run once per window, whatever the number of windows in a batch.
 */
export function createPredictor(model: OnnxModel): Predictor {
  return async (windows) => {
    const [count = 1, ...shape] = windows.dims;
    if (count === 1 || model.inputs[0]?.dims[0] !== 1) return model.run(windows);
    const length = windows.data.length / count;
    let all = new Float32Array(0);
    let dims: readonly number[] = [];
    for (let i = 0; i < count; i++) {
      const data = windows.data.subarray(i * length, (i + 1) * length);
      const result = await model.run({ data, dims: [1, ...shape] });
      if (i === 0) {
        all = new Float32Array(result.data.length * count);
        dims = [count, ...result.dims.slice(1)];
      }
      all.set(result.data, i * result.data.length);
    }
    return { data: all, dims };
  };
}
