/** Node 22.15 and newer have it; not known to the types of the oldest Node that is supported. */
type Execve = (file: string, args: readonly string[], env: NodeJS.ProcessEnv) => never;

/**
 * Ends the process although a thread is stuck in native code, for which `process.exit` would wait
 * forever: the process becomes another one that only exits. On an older Node it is killed, and the
 * exit code is that of the kill.
 */
export function exitByForce(code: number): void {
  const { execve } = process as { execve?: Execve };
  const file = process.execPath;
  // Options in the environment could preload what does not end.
  const env = { ...process.env, NODE_OPTIONS: '' };
  execve?.(file, [file, '-e', `process.exit(${code})`], env);
  process.kill(process.pid, 'SIGKILL');
}
