import type { Tensor } from '@hecktor/volume';
import { constantWindows, windowsOutside, type OutsideOptions } from './free-windows.ts';
import type { WindowLayout } from './window-layout.ts';

/** The windows of an image that have not run. */
interface WindowQueue {
  /** 1 for each window that has run. */
  readonly ran: Uint8Array;
  /** Numbers of the windows that the network has still to see, in the layout's order. */
  left(): readonly number[];
  /** Takes the windows whose logits are known, with these: those whose turn it is, or all. */
  takeKnown(all?: boolean): readonly (readonly [window: number, logits: Float32Array])[];
  /** Notes windows that ran, and what the network gave. */
  taken(windows: readonly number[], logits: Float32Array): void;
  /** How many windows are done with. */
  done(): number;
}

/** A queue of all windows but those outside of the body. */
export function createQueue(
  input: Tensor,
  layout: WindowLayout,
  options: { readonly windowsPerBatch: number; readonly outside?: OutsideOptions },
): WindowQueue {
  const { outside, windowsPerBatch } = options;
  const total = layout.positions.length;
  const ran = new Uint8Array(total);
  const skipped = outside && windowsOutside(input, layout, outside);
  let waiting = [...layout.positions.keys()].filter((window) => skipped?.[window] !== 1);
  // The network has to say how many classes there are.
  if (waiting.length === 0) waiting = [0];
  // In a batch a window's logits may depend, in their last bits, on its place.
  const keys = windowsPerBatch === 1 ? constantWindows(input, layout) : [];
  const known = new Map<string, Float32Array>();
  const isKnown = (window: number): boolean => known.has(keys[window] ?? '');
  return {
    ran,
    left() {
      const seen = new Set<string>();
      return waiting.filter((window) => {
        const key = keys[window];
        if (key === undefined) return true;
        const isFirst = !known.has(key) && !seen.has(key);
        seen.add(key);
        return isFirst;
      });
    },
    takeKnown(all = false) {
      // In the layout's order, so that sums stay what they are to the last bit.
      const next = all ? -1 : waiting.findIndex((window) => !isKnown(window));
      const turn = waiting.slice(0, next === -1 ? waiting.length : next).filter(isKnown);
      if (turn.length === 0) return [];
      waiting = waiting.filter((window) => !turn.includes(window));
      for (const window of turn) ran[window] = 1;
      return turn.map((window) => [window, known.get(keys[window]!)!] as const);
    },
    taken(windows, logits) {
      const taken = new Set(windows);
      waiting = waiting.filter((window) => !taken.has(window));
      for (const window of windows) {
        ran[window] = 1;
        const key = keys[window];
        if (key !== undefined && waiting.some((other) => keys[other] === key)) {
          known.set(key, logits.slice());
        }
      }
    },
    done: () => total - waiting.length,
  };
}
