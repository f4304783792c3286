import type { Check } from './check.ts';
import type { TaskFacts } from './task-facts.ts';
import type { WorkspaceFacts } from './workspace-facts.ts';

/** The rows about the checkout. */
export function judgeWorkspace({ packages, runtime, pointers }: WorkspaceFacts): Check[] {
  const row = (name: string, found: string): Check => ({
    ...{ area: 'workspace', name, found },
    status: 'ok',
  });
  return [
    packages === 'current'
      ? row('packages', 'as in the lock file')
      : { ...row('packages', packages), status: 'blocker', fix: 'run `npm ci`' },
    runtime
      ? row('ONNX Runtime', 'its library for linux/amd64 is here')
      : {
          ...row('ONNX Runtime', 'its library for linux/amd64 is missing'),
          status: 'blocker',
          code: 'ONNX_RUNTIME_UNAVAILABLE',
          fix: 'run `npm ci` again; the package brings the library along',
        },
    pointers.length === 0
      ? row('Git LFS', 'no pointer stands in for a file')
      : {
          ...row('Git LFS', `pointers instead of files: ${list(pointers)}`),
          status: 'blocker',
          code: 'IMAGE_LFS_POINTER',
          fix: 'install Git LFS and run `git lfs pull`',
        },
  ];
}

/** The rows about one task. */
export function judgeTask(facts: TaskFacts, limitBytes = 2e9): Check[] {
  const { fault } = facts;
  return [resources(facts), ...(fault === undefined ? [progress(facts, limitBytes)] : [])];
}

function resources({ name: area, fault, recipe, models }: TaskFacts): Check {
  if (fault !== undefined) {
    const { code, file, fix } = fault;
    const words = fault.message.slice(code.length, fault.message.indexOf('. Likely cause:'));
    const found = `${code}${file === undefined ? words : words.replace(` [${file}]`, '')}`;
    return { area, name: 'resources', status: 'blocker', found, code, fix };
  }
  const bytes = models.reduce((sum, model) => sum + model.bytes, 0);
  const count = `${models.length} model${models.length === 1 ? '' : 's'}`;
  const found = `recipe "${recipe ?? '?'}" is valid; ${count}, ${(bytes / 1e6).toFixed(1)} MB`;
  return { area, name: 'resources', status: 'ok', found };
}

/** How far the task has come on its way to the upload. */
function progress({ name: area, passed, archiveBytes }: TaskFacts, limitBytes: number): Check {
  const row: Check = { area, name: 'submission', status: 'note', found: '' };
  if (passed === undefined) {
    return { ...row, found: 'not tested yet', fix: `npx nx run ${area}:docker-test-run` };
  }
  if (!passed) {
    const fix = `see dist/test-run/${area}, then npx nx run ${area}:docker-test-run`;
    return { ...row, status: 'warning', found: 'the last test run broke a rule', fix };
  }
  if (archiveBytes === undefined) {
    return { ...row, found: 'tested, not saved yet', fix: `npx nx run ${area}:docker-save` };
  }
  const found = `tested and saved: ${(archiveBytes / 1e6).toFixed(0)} MB`;
  return archiveBytes <= limitBytes
    ? { ...row, status: 'ok', found }
    : {
        ...{ ...row, status: 'blocker', found, code: 'ARCHIVE_TOO_LARGE' },
        fix: 'use smaller weights or remove unneeded files from resources/',
      };
}

function list(names: readonly string[]): string {
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  return `${names.slice(0, 3).join(', ')}${more}`;
}
