import { explainSchemaErrors, HecktorError, nearMiss } from '@hecktor/errors';
import { Ajv } from 'ajv';
import { readFile } from 'node:fs/promises';
import { ProfileFileSchema, type Profile, type ProfileFile } from './profile-schema.ts';
import { PROFILES, type ProfileName } from './profiles.ts';

/**
 * The profile of a name, or of a JSON file whose fields replace those of the profile it extends.
 *
 * @throws HecktorError PROFILE_INVALID naming the faulty fields and, for a misspelt word, the one
 * that was probably meant.
 */
export async function loadProfile(nameOrFile: string): Promise<Profile> {
  if (isKnown(nameOrFile)) return PROFILES[nameOrFile];
  const names = Object.keys(PROFILES);
  if (!/[./\\]/.test(nameOrFile)) {
    const near = nearMiss(nameOrFile, names);
    return fail(
      `there is no profile "${nameOrFile}"${near === undefined ? '' : ` (did you mean "${near}"?)`}`,
      `use ${names.join(', ')}, or the path of a .json file`,
    );
  }
  const text = await readFile(nameOrFile, 'utf8').catch(() =>
    fail('the profile cannot be read', 'give the path of an existing file', nameOrFile),
  );
  return parseProfile(text, nameOrFile);
}

/** As {@link loadProfile}, from a file's text. */
export function parseProfile(text: string, file?: string): Profile {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    return fail(`it is not JSON, ${(error as Error).message}`, 'correct it at that place', file);
  }
  const validate = new Ajv({ allErrors: true, verbose: true, strict: false }).compile(
    ProfileFileSchema,
  );
  if (!validate(parsed)) {
    const faults = explainSchemaErrors(validate.errors ?? [], parsed, 'the profile');
    const known = Object.keys(ProfileFileSchema.properties);
    return fail(faults.slice(0, 5).join('; '), `a profile may have ${known.join(', ')}`, file);
  }
  const { extends: base = 'hecktor25', ...fields } = parsed as ProfileFile;
  delete fields.$schema;
  return { ...PROFILES[base], ...fields } as Profile;
}

function isKnown(name: string): name is ProfileName {
  return Object.hasOwn(PROFILES, name);
}

function fail(detail: string, fix: string, file?: string): never {
  throw new HecktorError('PROFILE_INVALID', {
    ...(file === undefined ? {} : { file }),
    detail,
    fix,
  });
}
