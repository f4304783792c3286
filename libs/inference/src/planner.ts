import { decidePlan, SAFETY, timeOf } from './decide-plan.ts';
import type { Decision, Preference, Rest } from './decide-plan.ts';
import { createPace } from './pace.ts';
import type { PlanReport } from './plan-report.ts';
import type { ChooseWindows } from './sliding-window.ts';
import { windowCovers } from './window-cover.ts';
import type { WindowLayout } from './window-layout.ts';

/** What {@link createPlanner} needs to know. */
export interface PlannerOptions {
  readonly mode: PlanReport['mode'];
  /** What is planned, for the report. */
  readonly part: string;
  readonly networks: number;
  /** Passes of a window: the plain one and all mirror images. */
  readonly mirrors: number;
  readonly windowsPerBatch: number;
  readonly prefer?: Preference;
  /** Time that is left for everything, and what of it comes after the networks, ms. */
  readonly remainingMs: () => number;
  readonly reserveMs: () => number;
  /** What a window is worth, for when not all of the image can be looked at. */
  readonly worthOf: (layout: WindowLayout, window: number) => number;
  /** Told of the first plan, and when networks or windows come or go. */
  readonly onPlan?: (report: PlanReport) => void;
  readonly now?: () => number;
}

/** Says before each step whether the time is still there for it. */
export interface Planner {
  /** Whether the next network is opened: not if it would not be done in time and is not needed. */
  startsNetwork(): boolean;
  /** The next network is open. */
  begin(): void;
  /**
   * Chooses a first look at the whole image without mirror images, for an early answer; gives up
   * where that is no small part of the work, or the first network does not take long.
   */
  readonly chooseFirstLook: ChooseWindows;
  /** Chooses the windows of the network that is open; gives it up where it is late and not needed. */
  readonly choose: ChooseWindows;
  /** Whether the windows that were chosen get another mirror image. */
  readonly goesOn: (passes: number) => boolean;
  /** Windows have gone through the network. @param isNew - False where that had been before. */
  passed(windows: number, isNew?: boolean): void;
  /** The network is through. @param isAnswer - Whether there is an answer now. */
  end(isAnswer: boolean): void;
  /** Whether an answer for the case that there is no better one is worth its time, ms. */
  isInterimWorth(ms: number): boolean;
  report(state: PlanReport['state']): PlanReport;
}

/** Work is long when it takes this share of the time that is left. */
const LONG = 1 / 4;
/** Shares that are spent on early answers: of the passes, of the time for the first and later ones. */
const FIRST_LOOK = 0.05;
const FIRST_INTERIM = 0.1;
const LATER_INTERIM = 0.03;

/**
 * Plans windows, networks and mirror images while they run: before each pass it is decided anew, by
 * the pace of the last ones, what fits into the time. As long as everything fits nothing is left
 * out, and the order is the recipe's.
 */
export function createPlanner(options: PlannerOptions): Planner {
  const { mode, networks, mirrors, windowsPerBatch, remainingMs, reserveMs } = options;
  const pace = createPace(options.now ?? (() => performance.now()));
  const isAll = mode === 'all';
  /** Sets of windows that cover the image, and their sizes. */
  let covers: readonly Uint8Array[] = [];
  let sizes: readonly number[] = [0];
  let left: readonly number[] = [];
  /** Windows that run now, and the passes they have had. */
  let batch = { windows: 0, passes: 0 };
  const done = { networks: 0, windows: 0, firstWindows: 0, passes: 0 };
  let [isOpen, hasAnswer, hasInterim, isPartial, looked] = [false, false, false, false, false];
  let ranking: readonly number[] | undefined;
  let told: string | undefined;

  const countIn = (windows: readonly number[]): number[] =>
    covers.map((cover) => windows.reduce((sum, window) => sum + cover[window]!, 0));
  const pick = (level: number): number[] =>
    left.filter((window) => covers[level]![window] === 1).slice(0, windowsPerBatch);
  const learn = (windows: readonly number[], layout: WindowLayout): void => {
    left = windows;
    if (covers.length > 0) return;
    covers = windowCovers(layout);
    sizes = countIn(windows);
  };
  const budget = (): number => remainingMs() - reserveMs();
  const rest = (): Rest => ({
    windows: isOpen ? countIn(left) : sizes.map(() => 0),
    passes: batch.windows * batch.passes,
    networks: networks - done.networks - (isOpen ? 1 : 0),
    perNetwork: sizes[0]!,
    mirrors,
    hasAnswer,
  });
  const decide = (what = rest()): Decision | undefined => {
    const costs = pace.costs();
    if (!isAll && costs !== undefined) return decidePlan(what, costs, budget(), options.prefer);
    return { level: 0, networks: what.networks, mirrors, isWhole: true };
  };
  const passesOf = (what: Rest, decision: Decision | undefined): number =>
    decision === undefined ? 0 : timeOf(what, decision, { pass: 1, network: 0 });
  const closeBatch = (): void => {
    done.windows += batch.windows;
    if (done.networks === 0) done.firstWindows += batch.windows;
    batch = { windows: 0, passes: 0 };
  };
  const tell = (decision: Decision): void => {
    if (pace.costs() === undefined) return;
    const key = `${done.networks + decision.networks} ${decision.level} ${decision.isWhole}`;
    if (key === told) return;
    options.onPlan?.(report(told === undefined ? 'planned' : 'changed'));
    told = key;
  };
  /** The window of the widest steps that is worth most, as long as there is time for one more. */
  const pickBest = (layout: WindowLayout): number[] => {
    const open = new Set(left.filter((window) => covers.at(-1)![window] === 1));
    ranking ??= [...open]
      .map((window) => ({ window, worth: options.worthOf(layout, window) }))
      .sort((a, b) => b.worth - a.worth)
      .map(({ window }) => window);
    // What a first look began with is there already.
    const begun = looked && done.windows === 0 ? left[0] : undefined;
    const best = begun ?? ranking.find((window) => open.has(window));
    if (best === undefined) return [];
    isPartial = pace.costs()!.pass > budget() && done.windows > 0;
    return isPartial ? [] : [best];
  };

  function report(state: PlanReport['state']): PlanReport {
    const what = rest();
    const decision = decide(what);
    const still = passesOf(what, decision);
    const mean = done.windows === 0 ? 0 : done.passes / (done.windows + batch.windows);
    const some = isOpen && decision?.isWhole === false;
    const windows = what.windows[decision?.level ?? 0] ?? 0;
    const affordable = Math.max(1, Math.floor(budget() / (pace.costs()?.pass ?? 1)));
    const stillWindows = some ? Math.min(windows, affordable) : windows;
    const planned = {
      networks: done.networks + (isOpen ? 1 : 0) + (decision?.networks ?? 0),
      mirrors: still > 0 ? decision!.mirrors : round(mean),
      windows: done.firstWindows + (done.networks === 0 ? stillWindows : 0),
    };
    const without = (name: string, count: number, of: number): string[] =>
      count > 0 ? [`${count} of ${of} ${name}`] : [];
    const dropped = [
      ...without('networks', networks - planned.networks, networks),
      ...(planned.mirrors < mirrors ? ['mirror images'] : []),
      ...without('windows', sizes[0]! - planned.windows, sizes[0]!),
      ...(isPartial || stillWindows < windows ? ['a part of the image'] : []),
    ];
    return {
      ...{ state, mode, part: options.part },
      networks: { of: networks, planned: planned.networks, done: done.networks },
      mirrors: { of: mirrors, planned: planned.mirrors, done: round(mean) },
      windows: { of: sizes[0]!, planned: planned.windows, done: done.firstWindows },
      passes: {
        of: networks * sizes[0]! * mirrors,
        planned: done.passes + (some ? stillWindows : still),
        done: done.passes,
      },
      seconds: {
        perPass: round((pace.costs()?.pass ?? 0) / 1000),
        left: round(remainingMs() / 1000),
        reserve: round(reserveMs() / 1000),
      },
      dropped,
    };
  }

  return {
    startsNetwork() {
      pace.mark();
      const costs = pace.costs();
      if (isAll || !hasAnswer || costs === undefined) return true;
      const next = timeOf(rest(), { level: 0, networks: 1, mirrors: 1 }, costs);
      return SAFETY * next <= budget();
    },
    begin() {
      pace.opened();
      isOpen = true;
    },
    chooseFirstLook(windows, layout) {
      learn(windows, layout);
      const whole = { ...rest(), windows: sizes };
      const decision = decide(whole);
      if (isAll || decision === undefined || decision.level > 0) return undefined;
      const costs = pace.costs();
      const first = timeOf(whole, { ...decision, networks: 0 }, costs ?? { pass: 0, network: 0 });
      if (costs !== undefined && first <= LONG * budget()) return undefined;
      const limit = FIRST_LOOK * passesOf(whole, decision);
      const level = sizes.findIndex((size) => size <= limit);
      if (level === -1) return undefined;
      looked = true;
      return pick(level);
    },
    choose(windows, layout) {
      closeBatch();
      learn(windows, layout);
      if (windows.length === sizes[0]) pace.mark();
      const decision = decide();
      if (decision === undefined) {
        [left, isOpen] = [[], false];
        return undefined;
      }
      const chosen = decision.isWhole ? pick(decision.level) : pickBest(layout);
      tell(decision);
      batch = { windows: chosen.length, passes: 0 };
      return chosen;
    },
    goesOn(passes) {
      const decision = decide();
      if (decision !== undefined) tell(decision);
      return (decision?.mirrors ?? 1) > passes;
    },
    passed(windows, isNew = true) {
      if (isNew) pace.passed(windows);
      else pace.mark();
      if (batch.windows === 0) return;
      batch.passes++;
      done.passes += windows;
    },
    end(isAnswer) {
      pace.addedUp();
      closeBatch();
      done.networks++;
      left = [];
      isOpen = false;
      hasAnswer ||= isAnswer;
    },
    isInterimWorth(ms) {
      const what = rest();
      const decision = decide(what);
      const costs = pace.costs();
      if (isAll || decision === undefined || costs === undefined) return false;
      const still = timeOf(what, decision, costs);
      const isWorth = hasInterim
        ? ms < LATER_INTERIM * remainingMs()
        : still > LONG * remainingMs() && ms < FIRST_INTERIM * remainingMs();
      if (still === 0 || !isWorth) return false;
      hasInterim = true;
      return true;
    },
    report,
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
