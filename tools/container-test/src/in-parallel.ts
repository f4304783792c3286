/**
 * Runs something for each item, a few at a time: containers spend most of their life waiting for the
 * engine. It begins with the first result that is asked for.
 *
 * @returns The result of an item; it rejects where its run threw.
 */
export function inParallel<T, R>(
  items: readonly T[],
  run: (item: T) => Promise<R>,
  most = 3,
): (item: T) => Promise<R> {
  const results = new Map<T, Promise<R>>();
  const begin = () => {
    for (const [i, item] of items.entries()) {
      const before: Promise<unknown> =
        i < most ? Promise.resolve() : results.get(items[i - most]!)!;
      const result = before.catch(() => undefined).then(() => run(item));
      // A failure is met where the result is asked for.
      result.catch(() => undefined);
      results.set(item, result);
    }
  };
  return (item) => {
    if (results.size === 0) begin();
    return results.get(item)!;
  };
}
