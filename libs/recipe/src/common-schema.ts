import { STEP_SCHEMAS, type StepConfig } from '@hecktor/preprocessing';
import { Type, type Static, type TSchema } from 'typebox';

export const closed = { additionalProperties: false } as const;
/** The name of a spatial axis. */
export const AxisSchema = Type.Enum(['x', 'y', 'z']);

/**
 * The schema of an object whose field `tag` says which of several schemas it follows. Ajv then
 * reports the faults of that one alone.
 */
export function taggedUnion<T>(tag: string, schemas: readonly TSchema[], description?: string) {
  return Type.Unsafe<T>({
    type: 'object',
    required: [tag],
    discriminator: { propertyName: tag },
    oneOf: schemas,
    ...(description !== undefined && { description }),
  });
}

/** How the prepared images become the tensor that the network sees. */
export const TensorSchema = Type.Object(
  {
    channels: Type.Array(Type.String(), {
      minItems: 1,
      maxItems: 16,
      uniqueItems: true,
      description: 'Images in the order of the channels, e.g. `["ct", "pet"]`.',
    }),
    axes: Type.Array(AxisSchema, {
      minItems: 3,
      maxItems: 3,
      uniqueItems: true,
      description:
        'Spatial axes of the tensor, outermost first: `["y", "x", "z"]` is (1, C, Y, X, Z).',
    }),
  },
  { ...closed, description: 'How the prepared images become the tensor that the network sees.' },
);

/** A list of entries whose field `step` says which schema they follow. */
export function stepList<T>(schemas: readonly TSchema[], description: string) {
  return Type.Array(taggedUnion<T>('step', schemas), { maxItems: 64, description });
}

/** What runs the networks, and in which numbers. */
export const engineFields = {
  engine: Type.Optional(
    Type.Enum(['onnxruntime', 'openvino'], {
      default: 'onnxruntime',
      description:
        'What runs the networks. `openvino` is for linux/amd64, as the containers are, and wants plain ' +
        'graphs (`--engine openvino` of the exporter); on other machines ONNX Runtime runs the same files.',
    }),
  ),
  precision: Type.Optional(
    Type.Enum(['float32', 'bfloat16', 'auto'], {
      default: 'float32',
      description:
        'In which numbers `openvino` multiplies. `bfloat16`: where the CPU computes it (AMX or ' +
        'AVX512-BF16), else `float32`. `auto`: the same, if `bfloat16Agreement` is at least 0.999.',
    }),
  ),
  bfloat16Agreement: Type.Optional(
    Type.Number({
      minimum: 0,
      maximum: 1,
      description:
        'How far the answers in bfloat16 agree with those in float32, as the exporter has measured it.',
    }),
  ),
};

/** What a recipe says about the engine. */
export type EngineSettings = Static<ReturnType<typeof Type.Object<typeof engineFields>>>;

/** What recipes of every kind have. */
export const commonFields = {
  $schema: Type.Optional(
    Type.String({ description: 'Where editors find the schema, for completion.' }),
  ),
  version: Type.Literal(1, { description: 'Version of the recipe format.' }),
  name: Type.String({ minLength: 1, maxLength: 100, description: 'For the log.' }),
  description: Type.Optional(Type.String({ description: 'For people.' })),
  preprocessing: stepList<StepConfig>(
    Object.values(STEP_SCHEMAS),
    'What is done with the images, in this order. Vectors are x, y, z.',
  ),
  tensor: TensorSchema,
};
