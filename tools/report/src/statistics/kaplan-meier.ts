import type { SurvivalScore } from '@hecktor/cohort';

/** What happened to a patient: when, and whether it was the event or the end of follow-up. */
export type Outcome = Pick<SurvivalScore, 'time' | 'event'>;

/** The curve from `time` on. */
export interface SurvivalStep {
  readonly time: number;
  readonly survival: number;
  /** 95 % interval. */
  readonly low: number;
  readonly high: number;
}

/** 97.5th percentile of the standard normal distribution. */
const Z95 = 1.959963984540054;

/** Patients under observation just before a time: those at risk of the event there. */
export function atRisk(outcomes: readonly Outcome[], time: number): number {
  return outcomes.filter((one) => one.time >= time).length;
}

/** The times at which events happened, in order, with their numbers. */
export function eventTimes(outcomes: readonly Outcome[]): Map<number, number> {
  const events = new Map<number, number>();
  for (const { time, event } of outcomes) if (event) events.set(time, (events.get(time) ?? 0) + 1);
  return new Map([...events].sort(([a], [b]) => a - b));
}

/**
 * The Kaplan-Meier estimate with Greenwood's variance on the log-log scale ("exponential
 * Greenwood", Kalbfleisch and Prentice), as lifelines has it. It begins with survival 1 at time 0.
 */
export function kaplanMeier(outcomes: readonly Outcome[]): SurvivalStep[] {
  const steps: SurvivalStep[] = [{ time: 0, survival: 1, low: 1, high: 1 }];
  let survival = 1;
  let variance = 0;
  for (const [time, events] of eventTimes(outcomes)) {
    const n = atRisk(outcomes, time);
    survival *= 1 - events / n;
    variance += events / (n * (n - events));
    steps.push({ time, survival, ...logLogInterval(survival, variance) });
  }
  return steps;
}

function logLogInterval(survival: number, variance: number): { low: number; high: number } {
  // The last patient had the event: there is nothing left to be uncertain of on this scale.
  if (survival <= 0) return { low: 0, high: 0 };
  const log = Math.log(survival);
  const half = (Z95 * Math.sqrt(variance)) / -log;
  const bound = (shift: number) => Math.exp(log * Math.exp(shift));
  return { low: bound(half), high: bound(-half) };
}

/** The step that holds at a time. */
export function survivalAt(steps: readonly SurvivalStep[], time: number): SurvivalStep {
  return steps.findLast((step) => step.time <= time) ?? steps[0]!;
}

/** The first time at which survival is 1/2 or less; undefined while it is higher. */
export function medianSurvival(steps: readonly SurvivalStep[]): number | undefined {
  return steps.find(({ survival }) => survival <= 0.5)?.time;
}
