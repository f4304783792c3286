// What the tests of this package and of tools/container-test share; no part of its public exports.
export { checkResources } from '../src/build/check-resources.ts';
export { appFacts } from '../src/doctor/workspace.ts';
export { createTask, REFERENCES, type TaskKind, type Tree } from '../src/generator/task.ts';
export { provoke, PROVOCATIONS } from './provocations.ts';
export { TASKS } from './tasks.ts';
