/** Tells the harness of a step as a JSON line, as the Python side does. */
export function tell(mark: string, fields: object = {}): void {
  process.stdout.write(`${JSON.stringify({ mark, ...fields })}\n`);
}
