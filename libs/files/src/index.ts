export { isThere } from './folders.ts';
export { makeFolder } from './folders.ts';
export { writeAll, writeAtomically, type WriteOptions } from './write-atomically.ts';
