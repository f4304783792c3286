import { Type, type Static } from 'typebox';

const standIn = (what: string) =>
  Type.Optional(
    Type.Object(
      {
        absent: Type.Union([Type.Number(), Type.Literal('error')], {
          description:
            'What stands in when a case has none: a constant image of this value, in HU or Gy, or ' +
            '`"error"`: the run ends.',
        }),
      },
      {
        additionalProperties: false,
        description: `${what} An image that is there but cannot be read always ends the run.`,
      },
    ),
  );

/** Images beyond CT and PET that a recipe of Task 2 may use, by the name of their socket. */
export const InputsSchema = Type.Object(
  {
    'ct-planning': standIn('The planning CT, `images/ct-planning/`.'),
    'rt-dose': standIn('The dose of the radiotherapy, `images/rt-dose/`.'),
  },
  {
    additionalProperties: false,
    default: {},
    description:
      'Further images by the name of their socket (Task 2). Steps and `tensor.channels` may name ' +
      'them like `ct` and `pet`. They are put onto the grid of the others by world coordinates, ' +
      'without registration.',
  },
);

/** Images beyond CT and PET, and what stands in for them. */
export type RecipeInputs = Static<typeof InputsSchema>;
