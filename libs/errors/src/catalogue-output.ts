import { check, input, system, usage } from './exit-codes.ts';

/** What is wrong with the outputs of a run or with the image that made them. */
export const OUTPUT_ERRORS = {
  OUTPUT_FILES_WRONG: check({
    what: 'the output folder does not hold exactly the expected file',
    cause: 'the program wrote it elsewhere or under another name, or left a log or a cache there',
    fix: 'write the file that the challenge names and nothing else; temporary files go below /tmp',
  }),
  OUTPUT_TYPE_INVALID: check({
    what: 'an output has the wrong type',
    cause:
      'text, a list, an object or NaN where one number or one true/false is expected, or voxels that are not uint8',
    fix: 'write what the challenge asks for: a uint8 label map, one finite number in rfs.json, true or false in hpv-status.json',
  }),
  OUTPUT_LABELS_INVALID: check({
    what: 'the mask holds values that are no labels',
    cause: 'probabilities or 0/255 instead of classes, or classes in another order or number',
    fix: 'write uint8 voxels with 0 = background, 1 = GTVp, 2 = GTVn',
  }),
  OUTPUT_IMPLAUSIBLE: check({
    what: 'the output can hardly be right',
    cause: 'an empty or enormous mask: weights that do not fit the recipe, or an unusual case',
    fix: 'look at the mask over the images, and at the intensity steps of the recipe',
  }),
  RESULT_VARIES: check({
    what: 'two runs of one case give different results',
    cause: 'random numbers, or a result that depends on the time, the folder or the number of CPUs',
    fix: 'seed the generator; nothing but the input should decide the output',
  }),
  ROOT_USER: check({
    what: 'the image runs as root',
    cause: 'a Dockerfile without USER, or with root; the platform refuses such an image',
    fix: 'build it with the docker-build target, or add `USER 65532:65532` to the Dockerfile',
  }),
};

export const COHORT_ERRORS = {
  COHORT_INVALID: input({
    what: 'the cohort cannot be used',
    cause:
      'a folder that is laid out neither as the training set of the challenge nor as cases are',
    fix: 'lay it out as docs/predict.md shows; for scores a table whose name ends in <task>.csv (Task_<n>.csv) belongs to it',
  }),
  PREDICTIONS_INVALID: input({
    what: 'the predictions cannot be read',
    cause: 'a folder that the predict target did not write',
    fix: 'name the --out folder of `nx run <task>:predict`',
  }),
  PREDICTION_MISSING: input({
    what: 'a patient has no prediction that can be scored',
    cause: 'a case that failed, or predictions of another set',
    fix: 'run predict again, or count what is missing with --missing=count',
  }),
  SLURM_FAILED: system({
    what: 'a command of Slurm failed',
    cause:
      'no Slurm on this machine, a controller that does not answer, or settings that the cluster refuses',
    fix: 'check with `sinfo`; account, partition and the like are set as SBATCH_ACCOUNT, SBATCH_PARTITION (docs/slurm.md)',
  }),
  ELEMENT_LOST: system({
    what: 'the element of a case ended without an answer',
    cause: 'a node that failed or lacks the shared folders, or somebody who ended it',
    fix: 'read the log of the element below slurm/ in the folder of predictions, and give the command again',
  }),
  FOLDER_IN_USE: usage({
    what: 'another run writes into this folder',
    cause: 'the same command is running in another terminal',
    fix: 'wait for it or stop it, or name another --out',
  }),
  CASE_UNKNOWN: input({
    what: 'the cohort has no such case or image',
    cause: 'a link from another session of the viewer',
    fix: 'choose a case from the list',
  }),
  DIRECTION_INVERTED: check({
    what: 'the risk orders patients the wrong way round',
    cause: 'a network trained on times instead of risks, or a sign that was lost on the way',
    fix: 'set head.higherIs in pipeline.json to the other direction',
  }),
};
