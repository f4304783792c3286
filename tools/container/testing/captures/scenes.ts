import type { Scene } from './scene.ts';
import { imageOf, type Stage } from './stage.ts';

const TEST_RUN = 'npx nx run task1:docker-test-run --build=false';

/** A test run of an image that misbehaves. */
function misbehaving(name: string, scene: Omit<Scene, 'name' | 'command'>, options = ''): Scene {
  const task = options.includes('task2') ? 'task2' : 'task1';
  const command = `${TEST_RUN.replace('task1', task)} --tag=${imageOf(name)}${options.replace('task2', '')}`;
  return { name, command, ...scene };
}

/** A user's path, then one scene per error that a user may well meet. */
export function scenes(stage: Stage): readonly Scene[] {
  const { pathWithoutEngine, closedSocket } = stage;
  return [
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
    {
      name: 'resources',
      title: 'The resources of a task',
      command:
        'ls -1 apps/task1/resources && grep -A1 -E \'"(name|models)"\' apps/task1/resources/pipeline.json',
      sees: /pipeline\.json/,
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
      name: 'model-lfs-pointer',
      title: 'A model is a Git LFS pointer',
      command: './do_build.sh task1 --resources=dist/captures/lfs-pointer',
      code: 'RESOURCE_LFS_POINTER',
      sees: /LFS/,
    },
    {
      name: 'resource-unwanted',
      title: 'A checkpoint was left behind',
      command: './do_build.sh task1 --resources=dist/captures/leftover',
      code: 'RESOURCE_UNWANTED',
      sees: /best_model\.pth/,
    },
    {
      name: 'recipe-invalid',
      title: 'A misspelt recipe',
      command: './do_build.sh task1 --resources=dist/captures/misspelt',
      code: 'RECIPE_INVALID',
      sees: /overlapp/,
    },
    {
      name: 'recipe-missing',
      title: 'No recipe',
      command: './do_build.sh task1 --resources=dist/captures/no-recipe',
      code: 'RECIPE_MISSING',
      sees: /RECIPE_MISSING/,
    },
    misbehaving('dependency-missing', {
      title: 'A dependency is missing',
      code: 'DEPENDENCY_MISSING',
      sees: /package\.json/,
    }),
    misbehaving('shared-library-missing', {
      title: 'A shared library is missing',
      code: 'SHARED_LIBRARY_MISSING',
      sees: /native\.node/,
    }),
    misbehaving('permission-denied', {
      title: 'Permission denied',
      code: 'PERMISSION_DENIED',
      sees: /\/etc\/shadow/,
    }),
    misbehaving('read-only-file-system', {
      title: 'Writing outside /tmp',
      code: 'READ_ONLY_FILE_SYSTEM',
      sees: /EROFS|\/opt\/cache/,
    }),
    misbehaving(
      'out-of-memory',
      { title: 'Killed for its memory', code: 'OUT_OF_MEMORY', sees: /memory/ },
      ' --memory=192m',
    ),
    misbehaving('timeout', { title: 'Timeout', code: 'TIMEOUT', sees: /time/ }, ' --timeLimit=5'),
    misbehaving('file-not-found', {
      title: 'File not found',
      code: 'FILE_NOT_FOUND',
      sees: /\/tmp\/images\/ct\.mha/,
    }),
    misbehaving('disk-full', { title: 'Disk full', code: 'DISK_FULL', sees: /ENOSPC/ }),
    misbehaving('network-attempted', {
      title: 'An attempt to use the network',
      code: 'NETWORK_ATTEMPTED',
      sees: /network/,
    }),
    misbehaving('wrong-architecture', {
      title: 'A program for another architecture',
      code: 'WRONG_ARCHITECTURE',
      sees: /exec format error/,
    }),
    misbehaving('root-user', {
      title: 'An image that runs as root',
      code: 'ROOT_USER',
      sees: /root/,
    }),
    misbehaving('output-files-wrong', {
      title: 'A file that nobody asked for',
      code: 'OUTPUT_FILES_WRONG',
      sees: /cache\.bin/,
    }),
    misbehaving('output-labels-invalid', {
      title: 'Wrong label values',
      code: 'OUTPUT_LABELS_INVALID',
      sees: /0, 1, 3/,
    }),
    misbehaving('output-grid-mismatch', {
      title: 'A mask on another grid',
      code: 'OUTPUT_GRID_MISMATCH',
      sees: /grid/,
    }),
    misbehaving(
      'output-type-invalid',
      { title: 'A wrong JSON type', code: 'OUTPUT_TYPE_INVALID', sees: /string/ },
      'task2 --case=apps/task1/test/input',
    ),
    {
      name: 'input-image-ambiguous',
      title: 'Several images in one folder',
      command: `${TEST_RUN} --case=dist/captures/two-cts`,
      code: 'INPUT_IMAGE_AMBIGUOUS',
      sees: /ct-2\.mha/,
    },
    {
      name: 'input-image-missing',
      title: 'No PET',
      command: `${TEST_RUN} --case=dist/captures/no-pet`,
      code: 'INPUT_IMAGE_MISSING',
      sees: /pet/,
    },
    {
      name: 'image-lfs-pointer',
      title: 'An image is a Git LFS pointer',
      command: `${TEST_RUN} --case=dist/captures/pointer-case`,
      code: 'IMAGE_LFS_POINTER',
      sees: /LFS/,
    },
    {
      name: 'image-not-built',
      title: 'An image that was not built',
      command: `${TEST_RUN} --tag=hecktor-task1:none`,
      code: 'IMAGE_NOT_BUILT',
      sees: /hecktor-task1:none/,
    },
    {
      name: 'engine-not-found',
      title: 'No Docker',
      command: 'npx nx run task1:doctor',
      env: { PATH: pathWithoutEngine },
      code: 'ENGINE_NOT_FOUND',
      sees: /there is no command "docker"/,
    },
    {
      name: 'engine-not-running',
      title: 'Docker is not running',
      command: './do_build.sh task1',
      env: { DOCKER_HOST: 'unix:///var/run/docker-is-stopped.sock' },
      code: 'ENGINE_NOT_RUNNING',
      sees: /Is the docker daemon running/,
    },
    {
      name: 'engine-not-permitted',
      title: 'No rights to Docker',
      command: './do_build.sh task1',
      env: { DOCKER_HOST: `unix://${closedSocket}` },
      prefix: 'setpriv --bounding-set=-all --inh-caps=-all',
      code: 'ENGINE_NOT_PERMITTED',
      sees: /permission denied/,
    },
    {
      name: 'option-invalid',
      title: 'A name that is taken',
      command: 'npx nx g ./tools/container:task task1 --kind=segmentation',
      code: 'OPTION_INVALID',
      sees: /is there already/,
    },
  ];
}
