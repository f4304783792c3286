/** How much of something a recipe has, a plan takes, and is done. */
export interface Share {
  readonly of: number;
  readonly planned: number;
  readonly done: number;
}

/** What fits into the time, as the log says it: one object of this shape on one line. */
export interface PlanReport {
  /** `cut short`: the time or the memory ended before the plan did. */
  readonly state: 'planned' | 'changed' | 'done' | 'cut short';
  /** `auto` leaves out what does not fit, `all` leaves out nothing. */
  readonly mode: 'auto' | 'all';
  /** What is planned: `segmentation`, `first stage` (of a cascade), `prediction`. */
  readonly part: string;
  readonly networks: Share;
  /** Mirror images of a window, the plain one included; done: the mean. */
  readonly mirrors: Share;
  /** Windows of a network, without those that need none. */
  readonly windows: Share;
  /** Windows that go through a network, all networks and mirror images together. */
  readonly passes: Share;
  /** Seconds that a pass takes, that are left, and that are kept for what comes after the networks. */
  readonly seconds: { readonly perPass: number; readonly left: number; readonly reserve: number };
  /** What is left out, a few words each; empty when all of the recipe is done. */
  readonly dropped: readonly string[];
}
