import { check, engine, input, limit, resources, system, usage } from './exit-codes.ts';

export const PIPELINE_ERRORS = {
  RECIPE_INVALID: resources({
    what: 'the recipe is invalid',
    cause: 'a misspelt key, a missing field or a value out of range',
    fix: 'correct the named field; docs/recipe.md lists them all',
  }),
  TASK_INVALID: resources({
    what: "the task's task.json is invalid",
    cause: 'a misspelt key, a missing field or a value out of range',
    fix: 'correct the named field; docs/schema/task.schema.json completes it in an editor',
  }),
  RECIPE_MISSING: resources({
    what: 'the recipe was not found',
    cause: 'the resources folder is empty or was not copied into the image',
    fix: 'export a checkpoint into resources/, which writes the recipe too, and build again',
  }),
  MODEL_FILE_NOT_FOUND: resources({
    what: 'Model file not found',
    cause: 'the weights are missing from resources/',
    fix: 'add the .onnx file named by the recipe and build again',
  }),
  MODEL_INVALID: resources({
    what: 'the model cannot be used',
    cause: 'the ONNX file is damaged, a Git LFS pointer, or uses an unsupported operator',
    fix: 'export the checkpoint again',
  }),
  SURVIVAL_MODEL_INVALID: resources({
    what: 'the survival model is not valid',
    cause: 'the file was edited, cut short or made by something else than the exporter',
    fix: 'export the model again',
  }),
  MODEL_MISMATCH: resources({
    what: 'the model does not fit its recipe',
    cause: 'the names, types or shapes of its inputs or outputs differ from the recipe',
    fix: 'correct the recipe or export the model again',
  }),
  MODEL_OUTPUT_INVALID: resources({
    what: 'the model gave values that are not finite, or none that the task may write',
    cause: 'damaged weights, a half-precision overflow, or an input far outside the training range',
    fix: 'check the exported model with the parity report and the intensity steps of the recipe',
  }),
  ONNX_RUNTIME_UNAVAILABLE: system({
    what: 'ONNX Runtime cannot be loaded',
    cause: 'its native library was not installed for this platform; it needs glibc, not musl',
    fix: 'install onnxruntime-node on linux/x64 with glibc, as the Dockerfile of this project does',
  }),
  OPENVINO_MISSING: system({
    what: 'the recipe asks for OpenVINO, which is not here',
    cause: 'it was not fetched, or `npm ci` has removed it since',
    fix: 'run `python3 tools/export/fetch_openvino.py`, or set inference.engine of the recipe to "onnxruntime"',
  }),
  OPENVINO_UNAVAILABLE: system({
    what: 'OpenVINO cannot be loaded',
    cause: 'a damaged download, or a system without glibc',
    fix: 'run `python3 tools/export/fetch_openvino.py` again and build again',
  }),
  INPUT_FOLDER_MISSING: input({
    what: 'no input folder was found',
    cause: 'neither /input nor /tmp/input is mounted',
    fix: 'mount the case at /input or /tmp/input, or set HECKTOR_INPUT',
  }),
  INPUT_IMAGE_MISSING: input({
    what: 'a required image is missing',
    cause: 'the folder is empty, absent or holds no file with a known image extension',
    fix: 'put exactly one .mha, .mhd, .nii, .nii.gz, .tif or .tiff file there',
  }),
  INPUT_IMAGE_AMBIGUOUS: input({
    what: 'more than one image was found where exactly one is expected',
    cause: 'several files were copied into one image folder',
    fix: 'leave exactly one image there',
  }),
  INPUT_JSON_INVALID: input({
    what: 'a JSON input cannot be read',
    cause: 'the file is damaged or is not JSON',
    fix: 'correct the file',
  }),
  INPUT_PATH_UNSAFE: input({
    what: 'inputs.json refers to a path outside the input folder',
    cause: 'an absolute path, a parent folder or a link',
    fix: 'correct inputs.json',
  }),
  IMAGES_DO_NOT_OVERLAP: input({
    what: 'CT and PET do not overlap in space',
    cause: 'images of two patients, or an origin lost in a conversion',
    fix: 'check the origins, spacings and directions of both images',
  }),
  INPUT_IMPLAUSIBLE: input({
    what: 'CT and PET are not what a model can answer',
    cause: 'images that were converted, exported or sorted wrongly',
    fix: 'correct the images, or set this check of "intake" in the recipe to "warn"; docs/intake.md tells what is looked for',
  }),
  FALLBACK_USED: check({
    what: "the answer is the recipe's fallback, not the model's",
    cause: 'the case could not be answered',
    fix: 'correct what the message names; without "onFailure": "fallback" such a case ends with an error',
  }),
  OUTPUT_GRID_MISMATCH: check({
    what: 'the output is not on the grid of the CT',
    cause: 'a fault in this software or in a custom preprocessing step',
    fix: 'report it with the recipe and the two grids',
  }),
  OUTPUT_WRITE_FAILED: system({
    what: 'the output could not be written',
    cause: 'the output folder is missing, read-only or full',
    fix: 'mount a writable output folder with enough free space',
  }),
  RESTORE_IMPOSSIBLE: resources({
    what: 'the labels cannot be put back the way invert mode "template-2025" does it',
    cause: 'the recipe has steps that the 2025 template does not have',
    fix: 'set invert.mode to "exact" in the recipe',
  }),
  TIMEOUT: limit({
    what: 'the time limit was reached',
    cause: 'too many windows or models for the CPUs at hand, and no answer before it',
    fix: 'leave HECKTOR_PLAN at auto, use fewer models, less overlap or no test-time flips, or raise HECKTOR_TIME_LIMIT_S',
  }),
  INTERRUPTED: limit({
    what: 'the run was stopped by a signal',
    cause: 'the platform or a person ended the container',
    fix: 'run it again',
  }),
  OUT_OF_MEMORY: limit({
    what: 'memory ran out',
    cause: 'an image or a model too large for the memory limit',
    fix: 'use a smaller region of interest, fewer windows per batch or a smaller model',
  }),
  CONFIG_INVALID: usage({
    what: 'an environment variable has a value that cannot be used',
    cause: 'a mistyped setting',
    fix: 'correct the variable or leave it unset',
  }),
  OPTION_INVALID: usage({
    what: 'an option has a value that cannot be used',
    cause: 'a mistyped option',
    fix: 'correct the option; --help lists them',
  }),
  ENGINE_NOT_FOUND: engine({
    what: 'no container engine was found',
    cause: 'Docker is not installed or its daemon is not running',
    fix: 'install Docker Engine and start it, then check with `docker info`',
  }),
  ENGINE_FAILED: engine({
    what: 'the container engine reported a failure',
    cause: 'see the engine output above',
    fix: 'correct what the engine names and run the target again',
  }),
  CHECK_FAILED: check({
    what: 'a check of the container or its output failed',
    cause: 'see the detail',
    fix: 'correct what the detail names and run again',
  }),
  ARCHIVE_TOO_LARGE: limit({
    what: 'the archive is larger than the limit',
    cause: 'large weights or unneeded files in resources/',
    fix: 'use smaller weights or remove the files',
  }),
};
