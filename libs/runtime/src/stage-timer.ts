export interface StageTimer {
  /** Runs a function and adds its time to a stage; nested and repeated stages are allowed. */
  time<T>(stage: string, run: () => T | Promise<T>): Promise<T>;
  /** Seconds per stage, in the order of their first use, rounded to milliseconds. */
  seconds(): Record<string, number>;
}

export function createStageTimer(now: () => number = () => performance.now()): StageTimer {
  const total = new Map<string, number>();
  return {
    async time(stage, run) {
      const start = now();
      if (!total.has(stage)) total.set(stage, 0);
      try {
        return await run();
      } finally {
        total.set(stage, total.get(stage)! + now() - start);
      }
    },
    seconds: () =>
      Object.fromEntries([...total].map(([stage, ms]) => [stage, Math.round(ms) / 1000])),
  };
}
