import { describe, expect, it } from '@jest/globals';
import { notStarted } from './run-container.ts';

const HELP = "\nRun 'docker run --help' for more information";
const DAEMON = 'docker: Error response from daemon: ';

describe('notStarted', () => {
  it('offers the CPUs that there are', () => {
    const said = `${DAEMON}Range of CPUs is from 0.01 to 1.00, as there are only 1 CPUs available`;
    expect(notStarted(said + HELP)).toMatchObject({
      code: 'OPTION_INVALID',
      fix: expect.stringContaining('--cpus=1,'),
    });
  });

  it('knows a memory limit that is too small', () => {
    expect(notStarted(`${DAEMON}Minimum memory limit allowed is 6MB${HELP}`)).toMatchObject({
      code: 'OPTION_INVALID',
      detail: expect.stringContaining('6MB'),
    });
  });

  it.each([HELP, "\nSee 'docker run --help'.", ''])(
    'repeats what the engine says, not its hint at the help',
    (hint) => {
      expect(notStarted(`${DAEMON}no such runtime${hint}`)).toMatchObject({
        code: 'ENGINE_FAILED',
        detail: expect.stringMatching(/no such runtime$/),
      });
    },
  );
});
