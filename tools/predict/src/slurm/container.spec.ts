import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import { expect, it } from '@jest/globals';
import { useFolder } from '@hecktor/testing';
import { containerCommand, findRuntime, type Runtime } from './container.ts';

const scratch = useFolder();
const image = {
  root: '/img/root',
  entrypoint: ['node', '/opt/app/main.mjs'],
  env: { PATH: '/bin' },
};
const run = {
  input: '/w/in',
  output: '/w/out',
  env: { HECKTOR_THREADS: '2' },
  nodeOptions: ['-r', 'x'],
};
const commandOf = (runtime: Runtime) => {
  const { command, args } = containerCommand({ runtime, image }, run);
  return [command, ...args].join(' ');
};

// Their manuals: apptainer-exec(1), ch-run(1), podman-run(1).
it('gives each runtime the folders, a read-only root, a scratch /tmp and the variables of the image', () => {
  expect(commandOf('apptainer')).toBe(
    'apptainer exec --containall --cleanenv --no-home --pwd / --bind /w/in:/input:ro --bind /w/out:/output ' +
      '--env PATH=/bin --env HECKTOR_THREADS=2 --env HECKTOR_INPUT=/input --env HECKTOR_OUTPUT=/output ' +
      '/img/root node -r x /opt/app/main.mjs',
  );
  expect(commandOf('ch-run')).toBe(
    'ch-run --private-tmp --cd / --unset-env * --env-no-expand --set-env=PATH=/bin ' +
      '--set-env=HECKTOR_THREADS=2 --set-env=HECKTOR_INPUT=/input --set-env=HECKTOR_OUTPUT=/output ' +
      '--bind /w/in:/input --bind /w/out:/output /img/root -- node -r x /opt/app/main.mjs',
  );
  expect(commandOf('podman')).toBe(
    'podman run --rm --interactive --network=none --read-only --tmpfs=/tmp --workdir=/ ' +
      '--volume /w/in:/input:ro --volume /w/out:/output --env PATH=/bin --env HECKTOR_THREADS=2 ' +
      '--env HECKTOR_INPUT=/input --env HECKTOR_OUTPUT=/output --rootfs /img/root node -r x /opt/app/main.mjs',
  );
});

it('takes the first runtime that is there', () => {
  const [one, two] = [scratch.make('one'), scratch.make('two')];
  mkdirSync(one, { recursive: true });
  writeFileSync(`${one}/podman`, '');
  expect(findRuntime(two)).toBeUndefined();
  expect(findRuntime([one, two].join(delimiter))).toBe('podman');
  writeFileSync(`${two}/ch-run`, '');
  expect(findRuntime([one, two].join(delimiter))).toBe('ch-run');
});
