import { createLogger, createProgress, isDebug } from '@hecktor/runtime';
import { withoutStack } from '../symptoms/without-stack.ts';
import { visible } from '../visible.ts';
import type { TestRunOptions } from './test-run.ts';

type Callbacks = Required<Pick<TestRunOptions, 'onLine' | 'onRun' | 'onCase'>>;

/**
 * Tells a person how far a test run is: of one case everything the container says (stack
 * traces with DEBUG=1 alone), of several a line and a progress bar each.
 */
export function progressPrinter(cases: number): Callbacks {
  if (cases === 1) {
    const shown = isDebug(process.env) ? () => true : withoutStack();
    return {
      onLine: (line, stream) => {
        if (stream === 'stdout' || shown(line)) process[stream].write(`${line}\n`);
      },
      onRun: ({ layout, writableRoot }) =>
        console.log(
          writableRoot
            ? `\nonce more with a writable root file system, in the ${layout} layout`
            : `running in the ${layout} layout`,
        ),
      onCase: () => undefined,
    };
  }
  const progress = createProgress({ log: createLogger({ pretty: true }) });
  let done = 0;
  return {
    onLine: (line) => {
      const within = /"percent":(\d+)/.exec(line)?.[1];
      if (within !== undefined) progress.update('cases', (done + Number(within) / 100) / cases);
    },
    onRun: ({ case: { name }, number, of, writableRoot }) => {
      progress.stop();
      console.log(`[${number}/${of}] ${visible(name)}${writableRoot ? ', once more' : ''}`);
    },
    onCase: ({ findings, runs }) => {
      progress.stop();
      done++;
      const seconds = runs[0]?.seconds.toFixed(1) ?? '?';
      const broken = findings.find(({ verdict }) => verdict === 'broken');
      const fault = broken === undefined ? '' : `: ${broken.title}: ${broken.observed}`;
      console.log(`  ${broken === undefined ? 'ok' : 'BROKEN'}, ${seconds} s${fault}`);
    },
  };
}
