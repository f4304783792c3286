export { isThere } from './is-there.ts';
export { makeFolder } from './make-folder.ts';
export { writeAll, writeAtomically, type WriteOptions } from './write-atomically.ts';
