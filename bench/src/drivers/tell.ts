/** Reports a step to the harness as a line of JSON, as the Python side does. */
export function tell(mark: string, fields: object = {}): void {
  process.stdout.write(`${JSON.stringify({ mark, ...fields })}\n`);
}
