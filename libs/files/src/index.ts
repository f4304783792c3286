export { isBelow, isThere, makeFolder } from './folders.ts';
export { writeAll, writeAtomically, type WriteOptions } from './write-atomically.ts';
