/** What runs on the main thread of a container: light, so that the program starts at once. */
export { superviseCase } from './supervise-case.ts';
