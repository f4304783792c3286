import { Type, type Static } from 'typebox';
import { closed } from './common-schema.ts';

const check = (description: string) =>
  Type.Optional(Type.Enum(['warn', 'error'], { default: 'warn', description }));

/** What is looked for in CT and PET before any network, and whether it ends the run. */
export const IntakeSchema = Type.Object(
  {
    ctUnits: check(
      'A CT that is not in HU: its rescale intercept was not applied, it is windowed to grey values, ' +
        'or scaled.',
    ),
    petUnits: check(
      'A PET that is not in SUV, e.g. in Bq/mL. It cannot be converted: neither the image files nor ' +
        'the clinical record tell weight, dose and time.',
    ),
    petContent: check('A PET that shows no uptake, is a mask, or is inverted.'),
    modalities: check('CT and PET swapped, or two images of one kind, the same file for one.'),
    alignment: check(
      'CT and PET that do not lie on each other: shifted, mirrored, upside down, with a lost spacing ' +
        "or origin, or of two patients. Judged by the body's outline in both.",
    ),
    head: check('No head in the field of view.'),
  },
  {
    ...closed,
    description:
      'What is looked for in CT and PET before any network, and what comes of it: `warn` tells it in ' +
      'the log and goes on, `error` ends the run with INPUT_IMPLAUSIBLE. See [intake.md](intake.md).',
  },
);

/** What comes of each finding; `warn` where nothing is said. */
export type IntakePolicy = Static<typeof IntakeSchema>;
