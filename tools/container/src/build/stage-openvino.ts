import { HecktorError } from '@hecktor/errors';
import { OPENVINO_VERSION } from '@hecktor/openvino';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What tools/export/fetch_openvino.py has made. */
const LIBRARIES = 'node_modules/.openvino';
/** The npm packages that call C functions, and what is needed of them for linux/amd64. */
const CALLERS = {
  koffi: /^(package\.json|LICENSE\.txt|(src\/koffi\/(src\/)?)?\w+\.c?js)$/,
  '@koromix/koffi-linux-x64': /^(package\.json|index\.js|linux_x64\/.*)$/,
};

type CopyTree = (from: string, to: string, wanted?: (path: string) => boolean) => Promise<void>;

/**
 * Adds OpenVINO and what calls it to a build context whose program is there, and their lines to the
 * list of what the image holds.
 *
 * @throws HecktorError OPENVINO_MISSING where it was not fetched, or in another version.
 */
export async function stageOpenVino(
  root: string,
  context: string,
  copyTree: CopyTree,
): Promise<void> {
  const component = await readJson<{ version?: string }>(join(root, LIBRARIES, 'component.json'));
  if (component?.version !== OPENVINO_VERSION) {
    const found = component?.version === undefined ? '' : `, but ${component.version}`;
    const detail = `there is no version ${OPENVINO_VERSION} in ${LIBRARIES}${found}`;
    throw new HecktorError('OPENVINO_MISSING', { detail });
  }
  const runtime = join(context, 'runtime');
  await copyTree(join(root, LIBRARIES), join(runtime, LIBRARIES));
  const { packages } = (await readJson<Lock>(join(root, 'package-lock.json')))!;
  const callers: object[] = [];
  for (const [name, wanted] of Object.entries(CALLERS)) {
    const folder = join('node_modules', name);
    const { version, license, integrity } = packages[`node_modules/${name}`]!;
    if (!existsSync(join(root, folder))) {
      throw new HecktorError('OPENVINO_MISSING', {
        detail: `there is no ${folder}`,
        cause: 'npm installs it on linux/x64 only',
        fix: `run \`npm install --no-save --force ${name}@${version}\``,
      });
    }
    await copyTree(join(root, folder), join(runtime, folder), (path) => wanted.test(path));
    callers.push({ name, version, license, integrity });
  }
  const file = join(context, 'app/packages.json');
  const list = [...((await readJson<object[]>(file)) ?? []), ...callers, component];
  await writeFile(file, `${JSON.stringify(list, undefined, 2)}\n`);
}

interface Lock {
  readonly packages: Record<string, { version: string; license: string; integrity: string }>;
}

/** Undefined where there is no such file. */
async function readJson<T>(file: string): Promise<T | undefined> {
  return existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as T) : undefined;
}
