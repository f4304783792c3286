import type { ProfileName } from '@hecktor/case-io';
import { explainSchemaErrors, HecktorError, suggestion } from '@hecktor/errors';
import { Ajv } from 'ajv';
import { readFile } from 'node:fs/promises';
import Type, { type Static } from 'typebox';

const Seconds = Type.Number({
  exclusiveMinimum: 0,
  maximum: 2_147_483,
  description: 'Seconds; no timer takes more than 24 days.',
});
const Bytes = Type.Integer({ minimum: 1 });
/** A number with k, m or g, as the engine's command line takes it. */
const Size = Type.String({ pattern: '^[1-9][0-9]*[kmgKMG]$', description: 'E.g. "16g".' });

/** The rules a container is run under; docs/test-run.md explains the fields. */
const FIELDS = {
  name: Type.String({ minLength: 1, description: 'Shown in the report.' }),
  extends: Type.Union([Type.Literal('hecktor25'), Type.Literal('grand-challenge')]),
  layout: Type.Union([Type.Literal('document'), Type.Literal('platform')]),
  cpus: Type.Number({ exclusiveMinimum: 0 }),
  memory: Size,
  /** RLIMIT_DATA of a process; null: none. */
  data: Type.Union([Size, Type.Null()]),
  /** Wall clock, one for all tasks or one per task; absent: as the task.json says. */
  timeLimit: Type.Optional(Type.Union([Seconds, Type.Record(Type.String(), Seconds)])),
  /** Seconds from SIGTERM to SIGKILL. */
  grace: Type.Number({ minimum: 0 }),
  /** Processes and threads. */
  processes: Type.Integer({ minimum: 1 }),
  openFiles: Type.Integer({ minimum: 16 }),
  /** Unpacked image and packed archive; null: any size. */
  image: Type.Union([Bytes, Type.Null()]),
  archive: Type.Union([Bytes, Type.Null()]),
  /** Whether /opt/ml/model is mounted, empty unless --model is given. */
  modelMount: Type.Boolean(),
};
const { name, ...others } = FIELDS;
const ProfileFileSchema = Type.Object(
  { name, $schema: Type.Optional(Type.String()), ...Type.Partial(Type.Object(others)).properties },
  { additionalProperties: false },
);

/** A profile with every field; `extends` names itself for a built-in one. */
export type Profile = Static<ReturnType<typeof Type.Object<typeof FIELDS>>>;

/** The participant document's rules. */
const HECKTOR25: Profile = {
  name: 'hecktor25',
  extends: 'hecktor25',
  layout: 'document',
  // The document names none; this is what the platform gives a container without a GPU.
  cpus: 2,
  memory: '16g',
  data: null,
  grace: 10,
  processes: 512,
  openFiles: 1024,
  image: null,
  archive: 2e9,
  modelMount: false,
};

export const PROFILES = {
  hecktor25: HECKTOR25,
  /** What the platform really does to a container of the 2025 challenge. */
  'grand-challenge': {
    ...HECKTOR25,
    name: 'grand-challenge',
    extends: 'grand-challenge',
    layout: 'platform',
    data: '15g',
    image: 10e9,
    modelMount: true,
  },
} as const satisfies Record<ProfileName, Profile>;

/** The profile of a name, or of a JSON file whose fields replace those of the profile it extends. */
export async function loadProfile(nameOrFile: string): Promise<Profile> {
  if (isProfileName(nameOrFile)) return PROFILES[nameOrFile];
  if (!/[./\\]/.test(nameOrFile)) {
    const names = Object.keys(PROFILES);
    return fail(
      `there is no profile "${nameOrFile}"${suggestion(nameOrFile, names)}`,
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
  const ajv = new Ajv({ allErrors: true, verbose: true, strict: false });
  const validate = ajv.compile<Static<typeof ProfileFileSchema>>(ProfileFileSchema);
  if (!validate(parsed)) {
    const faults = explainSchemaErrors(validate.errors ?? [], parsed, 'the profile');
    const known = Object.keys(ProfileFileSchema.properties);
    return fail(faults.slice(0, 5).join('; '), `a profile may have ${known.join(', ')}`, file);
  }
  const fields = { ...parsed };
  delete fields.$schema;
  return { ...PROFILES[fields.extends ?? 'hecktor25'], ...fields };
}

export function isProfileName(name: string): name is ProfileName {
  return Object.hasOwn(PROFILES, name);
}

function fail(detail: string, fix: string, file?: string): never {
  throw new HecktorError('PROFILE_INVALID', { ...(file && { file }), detail, fix });
}
