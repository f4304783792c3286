/** What the server tells the page, as JSON. */

export interface StudyInfo {
  readonly title: string;
  /** Names of the runs, in the order of `--pred`. */
  readonly runs: readonly string[];
  readonly cases: readonly CaseRow[];
}

export interface CaseRow {
  readonly id: string;
  /** One per run. */
  readonly results: readonly RunResult[];
}

export interface RunResult {
  /** Why there is no prediction, or none that can be scored. */
  readonly failure?: string | undefined;
  /** Dice coefficient by label, as far as it is scored and defined. */
  readonly dsc: Readonly<Record<string, number>>;
  /** Missed and false lesions and wrong classes, as far as they are scored. */
  readonly errors: number;
  /** Numbers and classes, one per output of the task that was written. */
  readonly answers: readonly Answer[];
}

export interface Answer {
  /** Name of the output. */
  readonly output: string;
  /** As it was written, a name without its quotes. */
  readonly value: string;
  /** Of an output that is a number. */
  readonly number?: number;
  /** What it was scored by, in words. */
  readonly truth?: string | undefined;
  /** Of a class that was scored. */
  readonly isWrong?: boolean | undefined;
}

export interface CaseInfo {
  readonly id: string;
  /** What can be asked for: `ct`, `pet`; the label maps `truth`, `run-0`, `run-1`, ... */
  readonly images: readonly string[];
  readonly lesions: readonly Lesion[];
  readonly record: Readonly<Record<string, unknown>>;
  /** What could not be read, a sentence each. */
  readonly problems: readonly string[];
}

/** A connected component of one label. */
export interface Lesion {
  /** Name of its label map. */
  readonly mask: string;
  /** Name of the label and number by falling volume: `GTVn 2`. */
  readonly title: string;
  readonly label: number;
  /** mL */
  readonly volume: number;
  /** Undefined where the PET does not reach. */
  readonly suvMax?: number | undefined;
  /** Its voxel centre nearest to its centroid, RAS in mm as NiiVue has it. */
  readonly centre: readonly number[];
  /** Label maps it is compared with that have none of its voxels. */
  readonly absentIn: readonly string[];
}

export interface ApiError {
  readonly code: string;
  readonly message: string;
}
