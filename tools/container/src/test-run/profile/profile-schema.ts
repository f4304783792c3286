import Type, { type Static } from 'typebox';

const options = { additionalProperties: false } as const;
const Seconds = Type.Number({
  exclusiveMinimum: 0,
  maximum: 2_147_483,
  description: 'Seconds; no timer takes more than 24 days.',
});

/** Bytes as a number with k, m or g, as the engine's command line takes them. */
export const SIZE_PATTERN = '^[1-9][0-9]*[kmgKMG]$';
const Bytes = Type.Integer({ minimum: 1 });
const Size = Type.String({ pattern: SIZE_PATTERN, description: 'E.g. "16g".' });

/** The rules a container is run under. Every field but the name has a value in the base profile. */
export const ProfileFileSchema = Type.Object(
  {
    $schema: Type.Optional(Type.String()),
    name: Type.String({ minLength: 1, description: 'Shown in the report.' }),
    extends: Type.Optional(
      Type.Union([Type.Literal('hecktor25'), Type.Literal('grand-challenge')], {
        description: 'The profile that gives what this one leaves out. Default: hecktor25.',
      }),
    ),
    layout: Type.Optional(
      Type.Union([Type.Literal('document'), Type.Literal('platform')], {
        description: 'document: /tmp/input and /tmp/output; platform: /input and /output.',
      }),
    ),
    cpus: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
    memory: Type.Optional(Size),
    data: Type.Optional(
      Type.Union([Size, Type.Null()], { description: 'RLIMIT_DATA of a process; null: none.' }),
    ),
    timeLimit: Type.Optional(
      Type.Union([Seconds, Type.Record(Type.String(), Seconds)], {
        description: 'Wall-clock limit in seconds, one for all tasks or one per task.',
      }),
    ),
    grace: Type.Optional(
      Type.Number({ minimum: 0, description: 'Seconds from SIGTERM to SIGKILL.' }),
    ),
    processes: Type.Optional(Type.Integer({ minimum: 1, description: 'Processes and threads.' })),
    openFiles: Type.Optional(
      Type.Integer({ minimum: 16, description: 'Open files of a process.' }),
    ),
    image: Type.Optional(
      Type.Union([Bytes, Type.Null()], { description: 'Unpacked image, bytes; null: any size.' }),
    ),
    archive: Type.Optional(
      Type.Union([Bytes, Type.Null()], { description: 'Packed archive, bytes; null: any size.' }),
    ),
    modelMount: Type.Optional(
      Type.Boolean({
        description: 'Whether /opt/ml/model is mounted, empty unless --model is given.',
      }),
    ),
  },
  options,
);

export type ProfileFile = Static<typeof ProfileFileSchema>;

/** A profile with every field. */
export type Profile = Required<Omit<ProfileFile, '$schema' | 'extends'>>;
