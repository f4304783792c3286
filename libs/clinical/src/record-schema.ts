import { Type } from 'typebox';

const value = (description: string) =>
  Type.Optional(
    Type.Union([Type.Number(), Type.String(), Type.Boolean(), Type.Null()], { description }),
  );

/**
 * The clinical record (`ehr.json`) of HECKTOR. Every value may be missing: left out, null, NaN,
 * an empty text or "Unknown". Codings differ between centres, so numbers and texts are both taken.
 */
export const CLINICAL_RECORD_SCHEMA = Type.Object(
  {
    Age: value('Years.'),
    Gender: value('Coding differs between sources: 1/0 or 1/2.'),
    'Tobacco Consumption': value('0 = no, 1 = yes.'),
    'Alcohol Consumption': value('0 = no, 1 = yes.'),
    'Performance Status': value('Zubrod / ECOG, 0 to 4.'),
    Treatment: value('0 = radiotherapy alone, 1 = with chemotherapy.'),
    'M-stage': value('M0 or M1.'),
    'HPV Status': value(
      '0 = negative, 1 = positive. An input of HECKTOR 2026, what Task 3 of 2025 asks.',
    ),
    CenterID: value('Number of the centre.'),
  },
  { description: 'A clinical record; any value may be missing.' },
);

type KnownField = keyof (typeof CLINICAL_RECORD_SCHEMA)['properties'];

export const KNOWN_FIELDS = Object.keys(CLINICAL_RECORD_SCHEMA.properties) as KnownField[];

/** What is plausible for a number, ends included; a value beyond gives a warning. */
export const PLAUSIBLE: Readonly<Partial<Record<KnownField, readonly [number, number]>>> = {
  Age: [10, 110],
  Gender: [0, 2],
  'Tobacco Consumption': [0, 1],
  'Alcohol Consumption': [0, 1],
  'Performance Status': [0, 4],
  Treatment: [0, 1],
  'M-stage': [0, 1],
  'HPV Status': [0, 1],
};
