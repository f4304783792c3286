/** Whether a process is alive, whoever's it is. */
export function isRunning(pid: number): boolean {
  // 0 and below name groups of processes.
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
