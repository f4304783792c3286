export { isBelow, isThere, makeFolder } from './folders.ts';
export { isRunning } from './is-running.ts';
export {
  writeAll,
  writeAtomically,
  writeJson,
  writeText,
  type WriteOptions,
} from './write-atomically.ts';
