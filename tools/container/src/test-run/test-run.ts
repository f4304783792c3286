import { HecktorError } from '@hecktor/errors';
import { imageFacts, isRootUser } from '../engine/image-facts.ts';
import type { Engine } from '../engine/open-engine.ts';
import type { Task } from '../task.ts';
import { checkOutput, type Findings } from './check-output.ts';
import { compareLabelMaps } from './compare.ts';
import { emptyOutput, handOver, mountableCase } from './folders.ts';
import { LAYOUTS, type LayoutName } from './layouts.ts';
import { EXPECTED_OUTPUTS } from './outputs.ts';
import { runContainer, type RunFacts } from './run-container.ts';

/** Options of {@link testRun}; folders are absolute. */
export interface TestRunOptions {
  task: Task;
  image: string;
  case: string;
  output: string;
  /** Folder with golden outputs; undefined: no comparison. */
  expected: string | undefined;
  layout: LayoutName;
  cpus: number;
  memory: string;
  timeLimit: number;
  env: Readonly<Record<string, string>>;
  onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
}

/** A test run that kept to the rules. */
export interface TestRunReport extends RunFacts {
  readonly findings: Findings;
}

/**
 * Runs a task's image on one case as the platform would and checks what it wrote.
 *
 * @throws HecktorError naming the rule that was broken.
 */
export async function testRun(engine: Engine, options: TestRunOptions): Promise<TestRunReport> {
  const { task, image, output } = options;
  const expected = EXPECTED_OUTPUTS[task.name];
  if (expected === undefined) {
    throw new HecktorError('CONFIG_INVALID', {
      detail: `no output is known for ${task.name}`,
      cause: 'a task that is not part of the challenge',
      fix: `use one of ${Object.keys(EXPECTED_OUTPUTS).join(', ')}`,
    });
  }
  assertImage(await imageFacts(engine, image));
  const mounted = await mountableCase(options.case);
  try {
    await emptyOutput(output, [options.case, task.workspace]);
    const facts = await runContainer(engine, {
      ...options,
      layout: LAYOUTS[options.layout],
      input: mounted.folder,
    }).finally(() => handOver(engine, image, output));
    const findings = await checkOutput({ input: options.case, output, expected });
    const scores =
      options.expected !== undefined && expected.kind === 'label-map'
        ? await compareLabelMaps(options.expected, output, expected.path)
        : [];
    return { ...facts, findings: [...findings, ...scores] };
  } finally {
    await mounted.dispose();
  }
}

function assertImage({ user, architecture }: { user: string; architecture: string }): void {
  const fault = isRootUser(user)
    ? `the image's user is "${user}", which is root`
    : architecture !== 'amd64'
      ? `the image is for ${architecture}, the platform runs amd64`
      : undefined;
  if (fault === undefined) return;
  throw new HecktorError('CHECK_FAILED', {
    detail: fault,
    cause: 'the image was not built by the docker-build target',
    fix: 'build it with that target',
  });
}
