export { bfloat16Unit, type Bfloat16Unit } from './cpu.ts';
export { openVino, type Precision } from './engine.ts';
export { isSupported, OPENVINO_VERSION } from './load-library.ts';
