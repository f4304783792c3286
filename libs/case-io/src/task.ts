import { readFileSync } from 'node:fs';
import { HecktorError, explainSchemaErrors } from '@hecktor/errors';
import { Ajv } from 'ajv';
import { Type, type Static } from 'typebox';

const closed = { additionalProperties: false } as const;
const name = (description: string) => Type.String({ pattern: '^[a-z][a-z0-9-]*$', description });
const below = (folder: string) =>
  Type.String({
    minLength: 1,
    pattern: '^[^/\\\\.][^\\\\]*$',
    description: `Below the ${folder}.`,
  });

const InputSchema = Type.Object(
  {
    name: name('The name that recipes and the log use, e.g. "ct".'),
    kind: Type.Enum(['image', 'clinical-record']),
    path: below('input folder'),
    slugs: Type.Array(Type.String({ minLength: 1 }), {
      minItems: 1,
      description: "The platform's names for it in inputs.json.",
    }),
    optional: Type.Optional(
      Type.Boolean({ default: false, description: 'Whether a case may lack it.' }),
    ),
    trainingSuffix: Type.Optional(
      Type.String({
        pattern: '^__',
        description: 'What ends the image\'s name in the challenge\'s training set, e.g. "__CT".',
      }),
    ),
  },
  closed,
);

const LabelMapSchema = Type.Object(
  {
    name: name("The platform's name for it."),
    kind: Type.Literal('label-map'),
    path: below('output folder'),
    grid: name('The input image whose grid it lies on.'),
    labels: Type.Array(
      Type.Object(
        { name: Type.String({ minLength: 1 }), value: Type.Integer({ minimum: 1, maximum: 255 }) },
        closed,
      ),
      { minItems: 1, description: 'What its values mean; 0 is background.' },
    ),
  },
  closed,
);
const ValueSchema = Type.Object(
  {
    name: name("The platform's name for it."),
    kind: Type.Enum(['number', 'boolean']),
    path: below('output folder'),
  },
  closed,
);
const OutputSchema = Type.Unsafe<Static<typeof LabelMapSchema> | Static<typeof ValueSchema>>({
  type: 'object',
  required: ['kind'],
  discriminator: { propertyName: 'kind' },
  oneOf: [LabelMapSchema, ValueSchema],
});

const Seconds = Type.Number({ exclusiveMinimum: 0, maximum: 604_800 });

/** A task of a challenge: what its container reads, writes and is held to. */
export const TASK_SCHEMA = Type.Object(
  {
    $schema: Type.Optional(Type.String()),
    name: name('Of the app in apps/ and its Nx project, e.g. "task1".'),
    title: Type.String({ minLength: 1 }),
    inputs: Type.Array(InputSchema, { minItems: 1, description: 'In the order of the log.' }),
    output: OutputSchema,
    recipe: Type.Union(
      [
        Type.Object({ kind: Type.Literal('segmentation') }, closed),
        Type.Object(
          {
            kind: Type.Literal('prediction'),
            heads: Type.Array(name('A head that recipes may end in, e.g. "risk".'), {
              minItems: 1,
            }),
          },
          closed,
        ),
      ],
      { description: 'The recipes that its container runs.' },
    ),
    timeLimit: Type.Object(
      { hecktor25: Seconds, 'grand-challenge': Seconds },
      { ...closed, description: 'Wall clock in seconds under each profile.' },
    ),
    evaluation: Type.Optional(
      Type.Object(
        {
          metric: Type.Enum(['dice', 'concordance-index', 'balanced-accuracy']),
          columns: Type.Array(Type.String(), {
            description: "Of the training set's table, what holds the truth; none for label maps.",
          }),
        },
        { ...closed, description: 'How labelled cases are scored. Absent: they are not.' },
      ),
    ),
  },
  { ...closed, title: 'Task', description: 'One task of a challenge (apps/<task>/task.json).' },
);

/** A task of a challenge, as its `task.json` says. */
export type Task = Static<typeof TASK_SCHEMA>;
export type TaskInput = Static<typeof InputSchema>;
export type TaskOutput = Static<typeof OutputSchema>;
/** The profiles that tasks state a time limit for. */
export type ProfileName = keyof Task['timeLimit'];

/** Reads a task's `task.json`. Throws TASK_INVALID naming what is wrong with it. */
export function readTask(file: string): Task {
  const fail = (detail: string, origin?: unknown): never => {
    throw new HecktorError('TASK_INVALID', { file, detail, origin });
  };
  let task: unknown;
  try {
    task = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return fail((error as Error).message, error);
  }
  const options = { allErrors: true, verbose: true, discriminator: true, strict: false };
  const validate = new Ajv(options).compile<Task>(TASK_SCHEMA);
  if (!validate(task)) {
    return fail(explainSchemaErrors(validate.errors ?? [], task, 'the task').join('; '));
  }
  const { inputs, output } = task;
  const names = inputs.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) return fail(`two inputs have the name "${twice}"`);
  const hasImage = (name: string) => inputs.some((i) => i.kind === 'image' && i.name === name);
  if (output.kind === 'label-map' && !hasImage(output.grid)) {
    return fail(`output.grid is "${output.grid}", which is no image of inputs`);
  }
  return task;
}
