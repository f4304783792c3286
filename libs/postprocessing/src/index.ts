export { argmax } from './classes.ts';
export { componentRuns, type ComponentRuns, type Connectivity } from './component-runs.ts';
export { connectedComponents, type Components } from './connected-components.ts';
export type { ComponentOptions } from './filter-components.ts';
export { keepLargestComponent } from './filter-components.ts';
export { mapClasses } from './classes.ts';
export { removeSmallComponents, type RemoveSmallOptions } from './filter-components.ts';
export { softmaxInPlace } from './classes.ts';
