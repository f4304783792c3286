import { open, realpath, stat } from 'node:fs/promises';
import { HecktorError } from '@hecktor/errors';

/** File contents that are often met where a model belongs. */
const IMPOSTORS: readonly {
  is: (start: string) => boolean;
  detail: string;
  fix: string;
}[] = [
  {
    is: (start) => start.startsWith('version https://git-lfs'),
    detail: 'the file is a Git LFS pointer, not the model',
    fix: 'run `git lfs pull` and build again',
  },
  {
    is: (start) => /^\s*<(!doctype|html)/i.test(start),
    detail: 'the file is a web page, not a model',
    fix: 'download the model again; the link may need a login',
  },
  {
    // A zip archive, or a bare pickle of protocol 2 and later.
    is: (start) => start.startsWith('PK\u0003\u0004') || start.startsWith('\u0080'),
    detail: 'the file is a PyTorch checkpoint or another archive, not an ONNX model',
    fix: 'export the checkpoint with tools/export, which writes an ONNX model and its recipe',
  },
];

/** First bytes of a file as Latin-1 text, so that any byte is one character. */
async function firstBytes(path: string): Promise<string> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

/**
 * Checks that a path can be an ONNX model and gives it with links resolved: weights kept beside
 * the model are looked for beside the file itself.
 *
 * @throws HecktorError MODEL_FILE_NOT_FOUND; MODEL_INVALID for a folder, an empty file, a Git LFS
 * pointer (of the model or of `<model>.data`), a web page or a PyTorch checkpoint.
 */
export async function checkModelFile(path: string): Promise<string> {
  const file = path;
  let real: string;
  try {
    real = await realpath(path);
    const status = await stat(real);
    if (!status.isFile()) {
      throw new HecktorError('MODEL_INVALID', { file, detail: 'it is not a regular file' });
    }
    if (status.size === 0) {
      throw new HecktorError('MODEL_INVALID', { file, detail: 'the file is empty' });
    }
    await refuseImpostors(real, file);
  } catch (error) {
    throw asModelError(error, file);
  }
  await refuseImpostors(`${real}.data`, `${file}.data`).catch((error: unknown) => {
    if (error instanceof HecktorError) throw error;
    // Most models have no such file; one that needs it and lacks it fails when it is loaded.
  });
  return real;
}

async function refuseImpostors(path: string, file: string): Promise<void> {
  const start = await firstBytes(path);
  const impostor = IMPOSTORS.find(({ is }) => is(start));
  if (impostor === undefined) return;
  const { detail, fix } = impostor;
  throw new HecktorError('MODEL_INVALID', {
    file,
    detail,
    fix,
    cause: 'another file has its name',
  });
}

function asModelError(error: unknown, file: string): unknown {
  if (error instanceof HecktorError) return error;
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new HecktorError('MODEL_FILE_NOT_FOUND', { file, origin: error });
  }
  return new HecktorError('MODEL_INVALID', {
    file,
    detail: `it cannot be read (${code ?? 'unknown reason'})`,
    cause: 'missing permissions or a damaged disk',
    fix: 'make the file readable for the user that runs the container',
    origin: error,
  });
}
