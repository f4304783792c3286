/** Node 22.15 and newer have it; not known to the types of the oldest Node that is supported. */
type Execve = (file: string, args: readonly string[], env: NodeJS.ProcessEnv) => never;

/**
 * Ends the process although a thread is stuck in native code, for which `process.exit` would wait
 * forever: the process becomes another one that only exits. An older Node has no way to leave with a
 * code of its own: there SIGTERM ends it (143), not SIGKILL (137), which platforms show as out of
 * memory.
 */
export function exitByForce(code: number): void {
  const { execve } = process as { execve?: Execve };
  const file = process.execPath;
  // Options in the environment could preload what does not end.
  const env = { ...process.env, NODE_OPTIONS: '' };
  execve?.(file, [file, '-e', `process.exit(${code})`], env);
  process.removeAllListeners('SIGTERM');
  process.kill(process.pid, 'SIGTERM');
  process.kill(process.pid, 'SIGKILL');
}
