/** How far the answers of both sides agree: risks by their relative difference, classes by equality. */
export function describeAnswers(ours: number | boolean, python: number | boolean): string {
  if (typeof ours === 'boolean' || typeof python === 'boolean') {
    return ours === python
      ? `Both sides answer ${ours}.`
      : `The answers differ: ours ${ours}, Python ${python}.`;
  }
  const relative = Math.abs(ours - python) / Math.max(Math.abs(python), Number.MIN_VALUE);
  return `Risks: ours ${ours.toPrecision(8)}, Python ${python.toPrecision(8)}; relative difference ${relative.toExponential(1)}.`;
}
