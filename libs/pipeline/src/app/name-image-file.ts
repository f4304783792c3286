import { HecktorError } from '@hecktor/errors';

/**
 * Adds the file to an error about one image: what works on images knows them by name, e.g. `pet`, and
 * not where they came from.
 *
 * @param paths - Files of the images by name.
 */
export function nameImageFile(thrown: unknown, paths: Readonly<Record<string, string>>): unknown {
  if (!(thrown instanceof HecktorError) || thrown.file !== undefined) return thrown;
  const { code, detail = '', likelyCause: cause, fix } = thrown;
  const named = Object.keys(paths).filter((name) => detail.includes(`"${name}"`));
  if (named.length !== 1) return thrown;
  return new HecktorError(code, { file: paths[named[0]!]!, detail, cause, fix, origin: thrown });
}
