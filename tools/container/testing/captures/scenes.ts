import type { Scene } from './scene.ts';
import { imageOf } from './stage.ts';

const TEST_RUN = 'npx nx run task1:docker-test-run --build=false';

/** A test run of an image that misbehaves. */
function misbehaving(name: string, scene: Omit<Scene, 'name' | 'command'>, options = ''): Scene {
  return { name, command: `${TEST_RUN} --tag=${imageOf(name)}${options}`, ...scene };
}

/** A user's path, then one scene per error that a user may well meet. */
export const SCENES: readonly Scene[] = [
  {
    name: 'doctor',
    title: 'The doctor',
    command: 'npx nx run task1:doctor',
    sees: /nothing stands in the way/,
  },
  {
    name: 'new-task',
    title: 'A new task',
    command: 'npx nx g ./tools/container:task task4 --kind=segmentation --dry-run',
    sees: /CREATE apps\/task4\/resources\/pipeline\.json/,
  },
  { name: 'build', title: 'Build', command: './do_build.sh task1', sees: /built hecktor-task1/ },
  {
    name: 'test-run',
    title: 'Test run',
    command: './do_test_run.sh task1 --build=false',
    sees: /docker-save/,
  },
  {
    name: 'save',
    title: 'Save',
    command: './do_save.sh task1',
    sees: /submission_task1\.tar\.gz/,
  },
  {
    name: 'model-file-not-found',
    title: 'A model is missing',
    command: './do_build.sh task1 --resources=dist/captures/no-model',
    code: 'MODEL_FILE_NOT_FOUND',
    sees: /Model file not found/,
  },
  {
    name: 'recipe-invalid',
    title: 'A misspelt recipe',
    command: './do_build.sh task1 --resources=dist/captures/misspelt',
    code: 'RECIPE_INVALID',
    sees: /overlapp/,
  },
  misbehaving(
    'out-of-memory',
    { title: 'Killed for its memory', code: 'OUT_OF_MEMORY', sees: /memory/ },
    ' --memory=192m',
  ),
  misbehaving('timeout', { title: 'Timeout', code: 'TIMEOUT', sees: /time/ }, ' --timeLimit=5'),
  misbehaving('output-grid-mismatch', {
    title: 'A mask on another grid',
    code: 'OUTPUT_GRID_MISMATCH',
    sees: /grid/,
  }),
  {
    name: 'engine-not-running',
    title: 'Docker is not running',
    command: './do_build.sh task1',
    env: { DOCKER_HOST: 'unix:///var/run/docker-is-stopped.sock' },
    code: 'ENGINE_NOT_RUNNING',
    sees: /Is the docker daemon running/,
  },
];
