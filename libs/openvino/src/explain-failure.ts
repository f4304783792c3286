import { HecktorError } from '@hecktor/errors';

/** Longest part of a message of OpenVINO that is passed on. */
const LONGEST = 300;

/**
 * What a failure of OpenVINO means for the user.
 *
 * @param doing - `load` or `run`, what was tried.
 */
export function explainFailure(error: unknown, file: string, doing: 'load' | 'run'): HecktorError {
  const text = error instanceof Error ? error.message : String(error);
  const facts = { file, origin: error };
  if (/bad_alloc|failed to allocate|out of memory/i.test(text)) {
    return new HecktorError('OUT_OF_MEMORY', { ...facts, detail: `trying to ${doing} the model` });
  }
  if (text.includes('is outside the base directory')) {
    return new HecktorError('MODEL_INVALID', {
      ...facts,
      detail: 'the model refers to weights outside its own folder',
      cause: 'an absolute path, a parent folder or a link in its external data',
      fix: 'export the model again with its weights inside or beside the .onnx file',
    });
  }
  const data = /externally stored data in file \(([^,)]*)/.exec(text)?.[1];
  if (data !== undefined) {
    return new HecktorError('MODEL_INVALID', {
      ...facts,
      detail: `the file ${data}, which holds its weights, is not beside it or too short`,
      cause: 'only the .onnx file was copied, or an interrupted copy',
      fix: 'copy the .onnx file and its data file together once more, or export again',
    });
  }
  return new HecktorError('MODEL_INVALID', {
    ...facts,
    detail: `OpenVINO cannot ${doing} it: ${summary(text)}`,
  });
}

/** The last line: those before it say where in the sources an exception was passed on. */
function summary(text: string): string {
  const last = text.trim().split('\n').at(-1)!;
  return last
    .replace(/^-- /, '')
    .slice(0, LONGEST)
    .replace(/[.\s]+$/, '');
}
