import { execFileSync } from 'node:child_process';

/**
 * Ends this process soon after the npm that started it, if one did: `npx` that is told to end does not
 * say so to Nx, which would go on with all that it runs.
 */
export function endWithNpm(): void {
  const npm = npmAbove();
  if (npm === undefined) return;
  const watch = (): void => {
    try {
      process.kill(npm, 0);
    } catch {
      process.exit();
    }
  };
  setInterval(watch, 1000).unref();
}

function npmAbove(): number | undefined {
  try {
    for (let pid = process.ppid; pid > 1;) {
      const line = execFileSync('ps', ['-o', 'ppid=,args=', '-p', `${pid}`], { encoding: 'utf8' });
      const [, parent, command = ''] = /^\s*(\d+)\s+(.*)/.exec(line) ?? [];
      if (command.startsWith('npm ')) return pid;
      pid = Number(parent);
    }
  } catch {
    // Small systems have no ps.
  }
  return undefined;
}
