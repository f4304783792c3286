import { HecktorError } from '@hecktor/errors';

/** `[host[:port]/]path[:tag]`, the path in small letters. */
const NAME =
  /^([\w.-]+(:\d+)?\/)?[a-z0-9]+((\.|_{1,2}|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_{1,2}|-+)[a-z0-9]+)*)*(:\w[\w.-]{0,127})?$/;

/**
 * The name that an image is given, with a tag in every case: engines add `latest` to a name on
 * their command line, but not to one in an archive.
 *
 * @throws HecktorError OPTION_INVALID for a name that no engine takes.
 */
export function imageName(name: string): string {
  if (!NAME.test(name)) {
    throw new HecktorError('OPTION_INVALID', {
      detail: `an image cannot be called "${name}"`,
      cause: '--tag has capital letters, spaces or signs that names of images may not have',
      fix: 'give a name such as --tag=my-model:v1',
    });
  }
  return name.slice(name.lastIndexOf('/') + 1).includes(':') ? name : `${name}:latest`;
}
