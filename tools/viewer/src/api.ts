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
  /** Missed and false lesions or a wrong class; undefined where nothing is scored. */
  readonly errors?: number | undefined;
  /** Risk or class, as it was written. */
  readonly answer?: string | undefined;
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
