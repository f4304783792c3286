import { EXIT } from './exit-codes.ts';

/** Errors about recipes, models, the container contract and the run. */
export const PIPELINE_ERRORS = {
  RECIPE_INVALID: {
    what: 'the recipe pipeline.json is invalid',
    cause: 'a misspelt key, a missing field or a value out of range',
    fix: 'correct the named field; docs/recipe.md lists them all',
    exitCode: EXIT.resources,
  },
  RECIPE_MISSING: {
    what: 'the recipe pipeline.json was not found',
    cause: 'the resources folder is empty or was not copied into the image',
    fix: 'export a checkpoint into resources/, which writes the recipe too, and build again',
    exitCode: EXIT.resources,
  },
  MODEL_FILE_NOT_FOUND: {
    what: 'Model file not found',
    cause: 'the weights are missing from resources/',
    fix: 'add the .onnx file named by the recipe and build again',
    exitCode: EXIT.resources,
  },
  MODEL_INVALID: {
    what: 'the model cannot be loaded',
    cause: 'the ONNX file is damaged, a Git LFS pointer, or uses an unsupported operator',
    fix: 'export the checkpoint again',
    exitCode: EXIT.resources,
  },
  MODEL_MISMATCH: {
    what: 'the model does not fit its recipe',
    cause: 'the names, types or shapes of its inputs or outputs differ from the recipe',
    fix: 'correct the recipe or export the model again',
    exitCode: EXIT.resources,
  },
  MODEL_OUTPUT_INVALID: {
    what: 'the model gave values that are not finite',
    cause: 'damaged weights, a half-precision overflow, or an input far outside the training range',
    fix: 'check the exported model with the parity report and the intensity steps of the recipe',
    exitCode: EXIT.resources,
  },
  ONNX_RUNTIME_UNAVAILABLE: {
    what: 'ONNX Runtime cannot be loaded',
    cause: 'its native library was not installed for this platform; it needs glibc, not musl',
    fix: 'install onnxruntime-node on linux/x64 with glibc, as the Dockerfile of this project does',
    exitCode: EXIT.system,
  },
  INPUT_FOLDER_MISSING: {
    what: 'no input folder was found',
    cause: 'neither /input nor /tmp/input is mounted',
    fix: 'mount the case at /input or /tmp/input, or set HECKTOR_INPUT',
    exitCode: EXIT.input,
  },
  INPUT_IMAGE_MISSING: {
    what: 'a required image is missing',
    cause: 'the folder is empty, absent or holds no file with a known image extension',
    fix: 'put exactly one .mha, .mhd, .nii, .nii.gz, .tif or .tiff file there',
    exitCode: EXIT.input,
  },
  INPUT_IMAGE_AMBIGUOUS: {
    what: 'more than one image was found where exactly one is expected',
    cause: 'several files were copied into one image folder',
    fix: 'leave exactly one image there',
    exitCode: EXIT.input,
  },
  INPUT_JSON_INVALID: {
    what: 'a JSON input cannot be read',
    cause: 'the file is damaged or is not JSON',
    fix: 'correct the file',
    exitCode: EXIT.input,
  },
  INPUT_PATH_UNSAFE: {
    what: 'inputs.json refers to a path outside the input folder',
    cause: 'an absolute path, a parent folder or a link',
    fix: 'correct inputs.json',
    exitCode: EXIT.input,
  },
  IMAGES_DO_NOT_OVERLAP: {
    what: 'CT and PET do not overlap in space',
    cause: 'images of two patients, or an origin lost in a conversion',
    fix: 'check the origins, spacings and directions of both images',
    exitCode: EXIT.input,
  },
  OUTPUT_GRID_MISMATCH: {
    what: 'the output is not on the grid of the CT',
    cause: 'a fault in this software or in a custom preprocessing step',
    fix: 'report it with the recipe and the two grids',
    exitCode: EXIT.check,
  },
  OUTPUT_WRITE_FAILED: {
    what: 'the output could not be written',
    cause: 'the output folder is missing, read-only or full',
    fix: 'mount a writable output folder with enough free space',
    exitCode: EXIT.system,
  },
  TIMEOUT: {
    what: 'the time limit was reached',
    cause: 'too many windows or models for the CPUs at hand',
    fix: 'use fewer models, less overlap or no test-time flips, or raise HECKTOR_TIME_LIMIT_S',
    exitCode: EXIT.limit,
  },
  INTERRUPTED: {
    what: 'the run was stopped by a signal',
    cause: 'the platform or a person ended the container',
    fix: 'run it again',
    exitCode: EXIT.limit,
  },
  OUT_OF_MEMORY: {
    what: 'memory ran out',
    cause: 'an image or a model too large for the memory limit',
    fix: 'use a smaller region of interest, fewer windows per batch or a smaller model',
    exitCode: EXIT.limit,
  },
  CONFIG_INVALID: {
    what: 'an environment variable has a value that cannot be used',
    cause: 'a mistyped setting',
    fix: 'correct the variable or leave it unset',
    exitCode: EXIT.usage,
  },
  TASK_NOT_AVAILABLE: {
    what: 'this task makes no prediction yet',
    cause: 'its prediction model is not part of this version',
    fix: 'use a version whose changelog lists the task',
    exitCode: EXIT.resources,
  },
  ENGINE_NOT_FOUND: {
    what: 'no container engine was found',
    cause: 'Docker is not installed or its daemon is not running',
    fix: 'install Docker Engine and start it, then check with `docker info`',
    exitCode: EXIT.engine,
  },
  ENGINE_FAILED: {
    what: 'the container engine reported a failure',
    cause: 'see the engine output above',
    fix: 'correct what the engine names and run the target again',
    exitCode: EXIT.engine,
  },
  CHECK_FAILED: {
    what: 'a check of the container or its output failed',
    cause: 'see the detail',
    fix: 'correct what the detail names and run again',
    exitCode: EXIT.check,
  },
  ARCHIVE_TOO_LARGE: {
    what: 'the archive is larger than the limit',
    cause: 'large weights or unneeded files in resources/',
    fix: 'use smaller weights or remove the files',
    exitCode: EXIT.limit,
  },
} as const;
