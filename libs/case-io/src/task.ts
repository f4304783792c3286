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
    columns: Type.Optional(
      Type.Array(Type.String(), {
        description:
          "Of a clinical record: columns of the training set's table that it has although another " +
          'task predicts them.',
      }),
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

const EvaluationSchema = Type.Object(
  {
    metric: Type.Enum(['dice', 'concordance-index', 'balanced-accuracy']),
    columns: Type.Array(Type.String(), {
      description: "Of the training set's table, what holds the truth; none for label maps.",
    }),
    weight: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        default: 1,
        description: 'Of several outputs that are scored: its share of the sum.',
      }),
    ),
  },
  { ...closed, description: 'How labelled cases are scored. Absent: they are not.' },
);

/** What every output has. */
const outputFields = {
  name: name("The platform's name for it."),
  path: below('output folder'),
  evaluation: Type.Optional(EvaluationSchema),
};
const LabelMapSchema = Type.Object(
  {
    ...outputFields,
    kind: Type.Literal('label-map'),
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
const NumberSchema = Type.Object(
  {
    ...outputFields,
    kind: Type.Literal('number'),
    minimum: Type.Optional(Type.Number({ description: 'The least that may be written.' })),
    maximum: Type.Optional(Type.Number({ description: 'The most that may be written.' })),
    higherIs: Type.Optional(
      Type.Enum(['earlier', 'later'], {
        default: 'earlier',
        description:
          'Of a risk, what a higher number in the file means: `earlier` recurrence, or `later`, as ' +
          'of days. Recipes always give a risk whose sign is turned for `later`.',
      }),
    ),
  },
  closed,
);
const BooleanSchema = Type.Object({ ...outputFields, kind: Type.Literal('boolean') }, closed);
const ClassSchema = Type.Object(
  {
    ...outputFields,
    kind: Type.Literal('class'),
    classes: Type.Array(Type.Union([Type.String({ minLength: 1 }), Type.Integer()]), {
      minItems: 2,
      uniqueItems: true,
      description:
        'The classes as the file holds them, JSON strings or integers, e.g. "T1" or 1. Recipes name ' +
        'them as text.',
    }),
  },
  closed,
);

/** An output that is a label map. */
export type LabelMapOutput = Static<typeof LabelMapSchema>;
/** An output that is one JSON value. */
export type ValueOutput =
  Static<typeof NumberSchema> | Static<typeof BooleanSchema> | Static<typeof ClassSchema>;
/** How an output is scored. */
export type OutputEvaluation = Static<typeof EvaluationSchema>;
/** One output of a task. */
export type TaskOutput = LabelMapOutput | ValueOutput;

const OutputSchema = Type.Unsafe<TaskOutput>({
  type: 'object',
  required: ['kind'],
  discriminator: { propertyName: 'kind' },
  oneOf: [LabelMapSchema, NumberSchema, BooleanSchema, ClassSchema],
});

const Seconds = Type.Number({ exclusiveMinimum: 0, maximum: 604_800 });

/** A task of a challenge: what its container reads, writes and is held to. */
export const TASK_SCHEMA = Type.Object(
  {
    $schema: Type.Optional(Type.String()),
    name: name('Of the app in apps/ and its Nx project, e.g. "task1".'),
    title: Type.String({ minLength: 1 }),
    inputs: Type.Array(InputSchema, { minItems: 1, description: 'In the order of the log.' }),
    outputs: Type.Array(OutputSchema, {
      minItems: 1,
      description: 'What its container writes, all of it or none; at most one label map.',
    }),
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
  },
  { ...closed, title: 'Task', description: 'One task of a challenge (apps/<task>/task.json).' },
);

/** A task of a challenge, as its `task.json` says. */
export type Task = Static<typeof TASK_SCHEMA>;
export type TaskInput = Static<typeof InputSchema>;
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
  const fault = taskFault(task);
  return fault === undefined ? task : fail(fault);
}

/** What the schema cannot say. */
function taskFault({ inputs, outputs, recipe }: Task): string | undefined {
  const input = twice(inputs.map(({ name }) => name));
  if (input !== undefined) return `two inputs have the name "${input}"`;
  const output = twice(outputs.map(({ name }) => name)) ?? twice(outputs.map(({ path }) => path));
  if (output !== undefined) return `two outputs have the name or path "${output}"`;
  const masks = outputs.filter((each) => each.kind === 'label-map');
  if (masks.length > 1) return 'two outputs are label maps; a recipe makes one';
  if (recipe.kind === 'segmentation' && (masks.length === 0 || outputs.length > 1)) {
    return 'a segmentation has one output, a label map';
  }
  const off = masks.find(({ grid }) => !inputs.some((i) => i.kind === 'image' && i.name === grid));
  return off && `grid of the output "${off.name}" is "${off.grid}", which is no image of inputs`;
}

function twice(names: readonly string[]): string | undefined {
  return names.find((name, i) => names.indexOf(name) !== i);
}

/** The output of a task that is a label map, if it has one. */
export function labelMapOf({ outputs }: Pick<Task, 'outputs'>): LabelMapOutput | undefined {
  return outputs.find((output) => output.kind === 'label-map');
}
