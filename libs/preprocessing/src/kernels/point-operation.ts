/**
 * A change of every value that looks at nothing else. Each arithmetic step is rounded to float32, as
 * float32 tensors are.
 */
export type PointOperation =
  | {
      readonly kind: 'scale';
      readonly from: readonly [number, number];
      readonly to: readonly [number, number];
      readonly clip: boolean;
    }
  | { readonly kind: 'clip'; readonly lower: number; readonly upper: number }
  | {
      readonly kind: 'standardise';
      readonly subtract: number;
      readonly divide: number;
      /** Values that are exactly 0 stay as they are. */
      readonly nonzero: boolean;
    };

/** Applies operations, in order, to values in place. */
export function applyPointOperationsInPlace(
  values: Float32Array,
  operations: readonly PointOperation[],
): void {
  for (const operation of operations) {
    if (operation.kind === 'scale') scaleInPlace(values, operation);
    else if (operation.kind === 'clip') clipInPlace(values, operation);
    else standardiseInPlace(values, operation);
  }
}

function scaleInPlace(
  values: Float32Array,
  { from, to, clip }: Extract<PointOperation, { kind: 'scale' }>,
): void {
  const low = Math.fround(from[0]);
  const width = Math.fround(from[1] - from[0]);
  const gain = Math.fround(to[1] - to[0]);
  const offset = Math.fround(to[0]);
  const bottom = clip ? Math.fround(Math.min(to[0], to[1])) : -Infinity;
  const top = clip ? Math.fround(Math.max(to[0], to[1])) : Infinity;
  // Beyond the range a clipped value is known without arithmetic; in CT most voxels are.
  const rising = clip && width > 0 && gain >= 0;
  const known = rising ? Math.fround(from[1]) : Infinity;
  for (let i = 0; i < values.length; i++) {
    if (rising && (values[i]! <= low || values[i]! >= known)) {
      values[i] = values[i]! <= low ? bottom : top;
      continue;
    }
    const unit = Math.fround(Math.fround(values[i]! - low) / width);
    const v = Math.fround(Math.fround(unit * gain) + offset);
    values[i] = v < bottom ? bottom : v > top ? top : v;
  }
}

function clipInPlace(
  values: Float32Array,
  operation: Extract<PointOperation, { kind: 'clip' }>,
): void {
  const lower = Math.fround(operation.lower);
  const upper = Math.fround(operation.upper);
  for (let i = 0; i < values.length; i++) {
    if (values[i]! < lower) values[i] = lower;
    else if (values[i]! > upper) values[i] = upper;
  }
}

function standardiseInPlace(
  values: Float32Array,
  operation: Extract<PointOperation, { kind: 'standardise' }>,
): void {
  const subtract = Math.fround(operation.subtract);
  const divide = Math.fround(operation.divide);
  const { nonzero } = operation;
  for (let i = 0; i < values.length; i++) {
    const v = values[i]!;
    if (!nonzero || v !== 0) values[i] = Math.fround(Math.fround(v - subtract) / divide);
  }
}
