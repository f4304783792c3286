import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';

/** A temporary folder for the tests of one suite; removed afterwards. */
export function useFolder(): {
  readonly path: string;
  put(name: string, content: string | Uint8Array): Promise<string>;
} {
  let path = '';
  beforeAll(async () => {
    path = await mkdtemp(join(tmpdir(), 'image-io-'));
  });
  afterAll(() => rm(path, { recursive: true, force: true }));
  return {
    get path() {
      return path;
    },
    put: (name, content) => put(join(path, name), content),
  };
}

async function put(path: string, content: string | Uint8Array): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, typeof content === 'string' ? Buffer.from(content, 'latin1') : content);
  return path;
}

/** A 4 x 3 x 2 int16 MetaImage; a field set to undefined is left out. */
export function metaImage(
  fields: Readonly<Record<string, string | undefined>> = {},
  data: string | Uint8Array = new Uint8Array(48).fill(10),
): Buffer {
  const all: Record<string, string | undefined> = {
    ObjectType: 'Image',
    NDims: '3',
    BinaryData: 'True',
    BinaryDataByteOrderMSB: 'False',
    CompressedData: 'False',
    TransformMatrix: '1 0 0 0 1 0 0 0 1',
    Offset: '-10 20.5 300',
    ElementSpacing: '0.5 0.75 3',
    DimSize: '4 3 2',
    ElementType: 'MET_SHORT',
    ...fields,
  };
  const { ElementDataFile = 'LOCAL', ...rest } = all;
  const lines = Object.entries(rest).filter(([, value]) => value !== undefined);
  const header = [...lines, ['ElementDataFile', ElementDataFile]]
    .map(([key, value]) => `${key} = ${value}\n`)
    .join('');
  return Buffer.concat([Buffer.from(header, 'latin1'), Buffer.from(data as Uint8Array)]);
}

/** A 4 x 3 x 2 int16 NIfTI-1 file with a qform; `edit` changes header fields before it is used. */
export function nifti(
  edit: (header: DataView) => void = () => {},
  data: Uint8Array = new Uint8Array(48).fill(10),
): Buffer {
  const view = new DataView(new ArrayBuffer(352));
  view.setInt32(0, 348, true);
  [3, 4, 3, 2, 1, 1, 1, 1].forEach((n, i) => view.setInt16(40 + 2 * i, n, true));
  view.setInt16(70, 4, true);
  view.setInt16(72, 16, true);
  [1, 0.5, 0.75, 3, 1, 1, 1, 1].forEach((d, i) => view.setFloat32(76 + 4 * i, d, true));
  view.setFloat32(108, 352, true);
  view.setFloat32(112, 1, true);
  view.setUint8(123, 10);
  view.setInt16(252, 1, true);
  view.setUint32(344, 0x6e2b3100);
  edit(view);
  return Buffer.concat([new Uint8Array(view.buffer), data]);
}
