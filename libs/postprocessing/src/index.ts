export { argmax } from './classes.ts';
export type { ComponentOptions } from './filter-components.ts';
export { keepLargestComponent } from './filter-components.ts';
export { mapClasses } from './classes.ts';
export { removeSmallComponents, type RemoveSmallOptions } from './filter-components.ts';
export { softmaxInPlace } from './classes.ts';
