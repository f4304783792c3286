/** Methods that ITK's WebAssembly modules write their warnings to. */
const METHODS = ['log', 'error', 'warn'] as const;

/**
 * Runs `work` with the console silenced. The modules print libtiff's and ITK's warnings to it,
 * which would break a log of JSON lines and hide the last line of stderr.
 */
export async function withQuietConsole<T>(work: () => Promise<T>): Promise<T> {
  const saved = METHODS.map((name) => [name, console[name]] as const);
  for (const name of METHODS) console[name] = () => {};
  try {
    return await work();
  } finally {
    for (const [name, method] of saved) console[name] = method;
  }
}
