import { HecktorError } from '@hecktor/errors';

/** Where in the sources of ONNX Runtime an exception was thrown. */
const SOURCE_PLACE = /\/onnxruntime_src\/\S+:\d+ /g;

/** Longest part of a message of ONNX Runtime that is passed on. */
const LONGEST = 300;

/**
 * What ONNX Runtime's exception means for the user.
 *
 * @param doing `load` or `run`, what was tried.
 */
export function explainFailure(error: unknown, file: string, doing: 'load' | 'run'): HecktorError {
  const text = error instanceof Error ? error.message : String(error);
  const facts = { file, origin: error };
  if (/bad_alloc|Failed to allocate memory|Array buffer allocation failed/i.test(text)) {
    return new HecktorError('OUT_OF_MEMORY', { ...facts, detail: `trying to ${doing} the model` });
  }
  const missing = /External data path does not exist: "?([^"\n]*)"?/.exec(text);
  if (missing) {
    return new HecktorError('MODEL_FILE_NOT_FOUND', {
      ...facts,
      detail: `the model keeps weights in ${lastPart(missing[1]!)}, which is not beside it`,
      cause: 'only the .onnx file was copied',
      fix: 'copy the data file too, or export the model into one file',
    });
  }
  if (
    /escapes model directory|Absolute path not allowed|points outside|should be file/.test(text)
  ) {
    return new HecktorError('MODEL_INVALID', {
      ...facts,
      detail: 'the model refers to weights outside its own folder',
      cause: 'an absolute path, a parent folder or a link in its external data',
      fix: 'export the model again with its weights inside or beside the .onnx file',
    });
  }
  if (/External initializer.*out of bounds/.test(text)) {
    return new HecktorError('MODEL_INVALID', {
      ...facts,
      detail: 'the file beside it that holds its weights is too short',
      cause: 'an interrupted copy, or a data file of another export',
      fix: 'copy the .onnx file and its data file together once more, or export again',
    });
  }
  if (/Protobuf parsing failed|does not have a graph/.test(text)) {
    return new HecktorError('MODEL_INVALID', {
      ...facts,
      detail: 'it is not an ONNX model, or it ends too early',
      cause: 'an interrupted copy or download, or another kind of file',
      fix: 'copy the file again, or export the checkpoint again',
    });
  }
  const [firstLine = ''] = text.split('\n');
  const detail = firstLine
    .replace(SOURCE_PLACE, '')
    .slice(0, LONGEST)
    .replace(/[.\s]+$/, '');
  return new HecktorError('MODEL_INVALID', {
    ...facts,
    detail: `ONNX Runtime cannot ${doing} it: ${detail}`,
    ...(doing === 'run' && {
      cause: 'an operation of the network does not fit its inputs, such as an index out of range',
      fix: 'compare the sizes in the recipe with those of training, and export the checkpoint again',
    }),
  });
}

function lastPart(path: string): string {
  return path.split('/').at(-1)!;
}
