import { Type, type Static } from 'typebox';
import { closed, taggedUnion } from './common-schema.ts';

/** Whether a case that cannot be answered ends with an error or with the fallback. */
export const OnFailureSchema = Type.Optional(
  Type.Enum(['error', 'fallback'], {
    default: 'error',
    description:
      'What comes of a case that cannot be answered: no foreground, a damaged PET, a late network. ' +
      '`error` ends the run without an output; `fallback` writes the answer that `fallback` says, ' +
      'ends with exit code 0 and says so in the last line. Faults of the recipe or the models, of ' +
      'settings and of the output folder are errors in any case.',
  }),
);

const EmptyMask = Type.Object(
  { mask: Type.Literal('empty', { description: 'Selects this answer.' }) },
  { ...closed, description: 'No tumour anywhere.' },
);

const SuvMask = Type.Object(
  {
    mask: Type.Literal('suv-threshold', { description: 'Selects this answer.' }),
    suv: Type.Number({ exclusiveMinimum: 0, description: 'Least SUV of what is marked.' }),
    label: Type.Integer({ minimum: 1, maximum: 255, description: 'Label that it gets.' }),
    maxVolume: Type.Number({
      exclusiveMinimum: 0,
      description:
        'Connected parts of more mm³ are left out, which are brain, heart or bladder; 150000 is a ' +
        'tumour of 6.6 cm.',
    }),
  },
  {
    ...closed,
    description:
      'All voxels of the PET from an SUV on, in parts of at most some volume. Where the PET cannot ' +
      'be read either, the mask is empty.',
  },
);

/** The label map that stands in for the networks'. */
export const FallbackMaskSchema = taggedUnion<Static<typeof EmptyMask> | Static<typeof SuvMask>>(
  'mask',
  [EmptyMask, SuvMask],
  'The label map that stands in, with `"onFailure": "fallback"`.',
);

const FallbackAnswer = Type.Union([Type.Number(), Type.Boolean(), Type.String()]);

/** The values that stand in for the networks'. */
export const FallbackValueSchema = Type.Object(
  {
    value: Type.Optional(
      Type.Union(FallbackAnswer.anyOf, {
        description:
          'Task 2: a risk, such as the median over the training set of what this recipe gives. Task ' +
          '3: the commoner class, `true` or `false`.',
      }),
    ),
    outputs: Type.Optional(
      Type.Unsafe<Record<string, Static<typeof FallbackAnswer> | FallbackMask>>({
        type: 'object',
        additionalProperties: Type.Union([FallbackAnswer, FallbackMaskSchema]),
        description:
          'Instead of `value`, of a task with several outputs: each by its name, of a label map ' +
          'what the `fallback` of a segmentation may be.',
      }),
    ),
  },
  { ...closed, description: 'The answer that stands in, with `"onFailure": "fallback"`.' },
);

/** A label map that stands in. */
export type FallbackMask = Static<typeof EmptyMask> | Static<typeof SuvMask>;
/** A value that stands in. */
export type FallbackValue = Static<typeof FallbackValueSchema>;
