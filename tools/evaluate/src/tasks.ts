/** What a task's program reads and gives, and which columns hold its truth. */
export interface Task {
  readonly name: 'task1' | 'task2' | 'task3';
  readonly number: 1 | 2 | 3;
  readonly targets: readonly string[];
  /** Input folder by the ending of a patient's image name. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Where the answer lies below the output folder. */
  readonly output: string;
}

const PET_CT = { __CT: 'images/ct', __PT: 'images/pet' };

/** The three tasks of the challenge, by name. */
export const TASKS: Readonly<Record<Task['name'], Task>> = {
  task1: {
    name: 'task1',
    number: 1,
    targets: [],
    inputs: PET_CT,
    output: 'images/tumor-lymph-node-segmentation/output.mha',
  },
  task2: {
    name: 'task2',
    number: 2,
    targets: ['Relapse', 'RFS'],
    inputs: { ...PET_CT, __CTPlanning: 'images/ct-planning', __RTDOSE: 'images/rt-dose' },
    output: 'rfs.json',
  },
  task3: {
    name: 'task3',
    number: 3,
    targets: ['HPV Status'],
    inputs: PET_CT,
    output: 'hpv-status.json',
  },
};
