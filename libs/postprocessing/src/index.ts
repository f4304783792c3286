export { argmax } from './argmax.ts';
export type { ComponentOptions } from './filter-components.ts';
export { keepLargestComponent } from './keep-largest-component.ts';
export { mapClasses } from './map-classes.ts';
export { removeSmallComponents, type RemoveSmallOptions } from './remove-small-components.ts';
export { softmaxInPlace } from './softmax.ts';
