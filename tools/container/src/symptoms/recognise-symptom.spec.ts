import { describe, expect, it } from '@jest/globals';
import { CATALOGUE, HecktorError } from '@hecktor/errors';
import { readFileSync } from 'node:fs';
import { PROVOCATIONS } from '../../testing/provocations.ts';
import { recogniseSymptom } from './recognise-symptom.ts';
import { type RunObservation, SYMPTOMS } from './symptoms.ts';

// Made by scripts/capture-symptoms.ts from real containers.
const { observations } = JSON.parse(
  readFileSync(new URL('../../golden/symptoms.json', import.meta.url), 'utf8'),
) as {
  observations: (Omit<RunObservation, 'stderrTail'> & {
    name: string;
    code: string;
    stderrTail: string[];
  })[];
};

const run = (fields: Partial<RunObservation>): RunObservation => ({
  exitCode: 1,
  timedOut: false,
  oomKilled: false,
  stderrTail: '',
  stdoutTail: '',
  ...fields,
});

describe('recogniseSymptom', () => {
  it.each(observations)('names $code after $name', ({ code, stderrTail, ...seen }) => {
    const symptom = recogniseSymptom({ ...seen, stderrTail: stderrTail.join('\n') });
    expect(symptom?.code).toBe(code);
    expect(symptom?.evidence ?? '').not.toMatch(/^throw /);
  });

  it('was shown every provocation', () => {
    expect(observations.map(({ name }) => name)).toEqual(PROVOCATIONS.map(({ name }) => name));
  });

  // Said by Docker 20.10 and 28.2 on machines with no daemon, no rights, a full disk, no network.
  it.each([
    [
      'ENGINE_NOT_RUNNING',
      'docker: Cannot connect to the Docker daemon at unix:///none.sock. Is the docker daemon running?',
    ],
    [
      'ENGINE_NOT_PERMITTED',
      'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.50/info": dial unix /var/run/docker.sock: connect: permission denied',
    ],
    [
      'ENGINE_DISK_FULL',
      'ApplyLayer exit status 1 stdout:  stderr: write /usr/local/bin/node: no space left on device',
    ],
    [
      'ENGINE_DISK_FULL',
      'failed to copy files: failed to copy file: Error processing tar file(exit status 1): write /w: no space left on device',
    ],
    ['DISK_FULL', 'write /tmp/small/.tmp-x.tar2523907119: no space left on device'],
    [
      'BASE_IMAGE_UNAVAILABLE',
      'Error response from daemon: Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io on 192.0.2.53:53: no such host',
    ],
    ['IMAGE_NOT_BUILT', 'docker: Error response from daemon: No such image: hecktor-none:latest'],
    [
      'COMMAND_NOT_FOUND',
      'docker: Error response from daemon: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/bin/nothing": stat /bin/nothing: no such file or directory: unknown',
    ],
  ])('names %s after the words of the engine', (code, stderrTail) => {
    expect(recogniseSymptom(run({ exitCode: 125, stderrTail }))?.code).toBe(code);
  });

  it('names the errors of the participant document after their words', () => {
    const said = (stderrTail: string) => recogniseSymptom(run({ stderrTail }))?.code;
    expect(said("ModuleNotFoundError: No module named 'monai'")).toBe('DEPENDENCY_MISSING');
    expect(said("PermissionError: [Errno 13] Permission denied: '/some/path'")).toBe(
      'PERMISSION_DENIED',
    );
    expect(said('Killed')).toBe('OUT_OF_MEMORY');
    expect(said("FileNotFoundError: [Errno 2] No such file or directory: '/tmp/images'")).toBe(
      'FILE_NOT_FOUND',
    );
    expect(recogniseSymptom(run({ exitCode: null, timedOut: true }))?.code).toBe('TIMEOUT');
  });

  it('believes the program before it guesses, with the cause and the fix it gave', () => {
    const error = new HecktorError('IMAGE_TRUNCATED', {
      file: 'ct.mha',
      cause: 'ENOSPC. Or worse',
      fix: 'copy it',
    });
    const stderrTail = `Error: ENOENT: no such file or directory\n${error.message}`;
    expect(recogniseSymptom(run({ exitCode: 3, stderrTail }))).toEqual({
      code: 'IMAGE_TRUNCATED',
      title: CATALOGUE.IMAGE_TRUNCATED.what,
      cause: 'ENOSPC. Or worse',
      fix: 'copy it',
      docs: 'docs/errors.md#image_truncated',
      evidence: error.message,
    });
  });

  it('looks behind an error that the program itself did not expect', () => {
    const unexpected = (detail: string) =>
      recogniseSymptom(run({ stderrTail: new HecktorError('INTERNAL', { detail }).message }))?.code;
    expect(unexpected("EROFS: read-only file system, open '/opt/x'")).toBe('READ_ONLY_FILE_SYSTEM');
    expect(unexpected('x is not a function')).toBe('INTERNAL');
  });

  it('says nothing about a run that ended well, whatever it printed', () => {
    const stderrTail = 'warning: no space left on device';
    expect(recogniseSymptom(run({ exitCode: 0, stderrTail }))).toBeUndefined();
  });

  it('says nothing about a failure that nobody has described', () => {
    expect(recogniseSymptom(run({ exitCode: 9, stderrTail: 'alas' }))).toBeUndefined();
  });

  it('trusts the kernel over the last words', () => {
    expect(recogniseSymptom(run({ oomKilled: true, stderrTail: 'ENOENT' }))?.code).toBe(
      'OUT_OF_MEMORY',
    );
  });
});

describe('each symptom', () => {
  it('has looks and a way to show', () => {
    for (const { looks, says, shows } of SYMPTOMS) {
      expect(looks).toMatch(/\w/);
      expect(says ?? shows).toBeDefined();
    }
  });
});
