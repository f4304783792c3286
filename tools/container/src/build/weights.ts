/** Files that hold weights: ONNX models and the data files that large ones keep beside them. */
export const isWeights = (path: string) => /\.(onnx|onnx_data|data|bin)$/i.test(path);

/** Whether the weights are part of the image or come as an archive of their own. */
export type Weights = 'inside' | 'separate';
