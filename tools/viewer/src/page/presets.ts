/** Windows and colours as nuclear medicine has them. */

export interface Window {
  readonly name: string;
  readonly low: number;
  readonly high: number;
}

const hounsfield = (name: string, level: number, width: number): Window => ({
  name: `${name} ${width}/${level}`,
  low: level - width / 2,
  high: level + width / 2,
});

export const CT_WINDOWS = [
  hounsfield('soft tissue', 40, 400),
  hounsfield('neck', 60, 250),
  hounsfield('bone', 500, 2000),
  hounsfield('lung', -600, 1500),
  hounsfield('wide', 0, 2000),
];

export const SUV_WINDOWS = [5, 7, 10, 15].map((high): Window => ({
  name: `SUV 0\u2013${high}`,
  low: 0,
  high,
}));

/** In the form of NiiVue's: red, green, blue and alpha at these intensities. */
export const COLOUR_MAPS = {
  /** Black on white. */
  inverse: { R: [255, 0], G: [255, 0], B: [255, 0], A: [255, 255], I: [0, 255] },
  /** Leaves the CT as it is where hardly anything is taken up. */
  hot: {
    R: [0, 0, 60, 255, 255, 255],
    G: [0, 0, 0, 60, 200, 255],
    B: [0, 0, 0, 0, 0, 220],
    A: [0, 0, 255, 255, 255, 255],
    I: [0, 24, 32, 110, 190, 255],
  },
};

/** By label: of a prediction, and brighter of the truth. */
const OUTLINES = [
  ['rgb(40 120 255)', 'rgb(0 205 240)'],
  ['rgb(0 180 80)', 'rgb(90 255 170)'],
] as const;

export function outlineColour(label: number, isTruth: boolean): string {
  return OUTLINES[(label - 1) % OUTLINES.length]![isTruth ? 1 : 0];
}
