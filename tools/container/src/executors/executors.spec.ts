import { describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { exec } from '../engine/exec.ts';

const plugin = fileURLToPath(new URL('../../', import.meta.url));
const root = fileURLToPath(new URL('../../../../', import.meta.url));
const readJson = async (file: string) => JSON.parse(await readFile(`${plugin}${file}`, 'utf8'));

const { executors } = (await readJson('executors.json')) as {
  executors: Record<string, { implementation: string; schema: string }>;
};

// The doctor has a table where the others have an error: see doctor/examine.spec.ts.
const thatNeedAnEngine = Object.entries(executors).filter(([name]) => name !== 'doctor');

describe.each(thatNeedAnEngine)('executor %s', (_name, { implementation, schema }) => {
  it('describes each of its options and takes no others', async () => {
    const { additionalProperties, properties } = (await readJson(schema)) as {
      additionalProperties: boolean;
      properties: Record<string, { description?: string }>;
    };
    expect(additionalProperties).toBe(false);
    for (const option of Object.values(properties)) expect(option.description).toBeTruthy();
  });

  it('loads as Nx loads it and answers a missing engine in one line', async () => {
    const script =
      `require(${JSON.stringify(plugin + implementation)})` +
      `({engine:'podman',nodeImage:'n',layout:'platform'},{root:${JSON.stringify(root)},projectName:'task1'})` +
      `.then((outcome)=>console.log(JSON.stringify(outcome)))`;
    const { stdout, stderr } = await exec(process.execPath, ['-e', script], {
      env: { PATH: '/nowhere', DEBUG: '' },
    });
    expect(stdout).toBe('{"success":false}');
    expect(stderr).toMatch(/^ENGINE_NOT_FOUND .*there is no command "podman".* Fix: .*$/);
  });
});
