import type { Colour } from './canvas.ts';

/** CT soft-tissue window, HU: what radiologists use for the neck. */
const CT_WINDOW = { lower: -160, upper: 240 } as const;
/** SUV drawn at full strength. */
const SUV_FULL = 10;
const OUTSIDE: Colour = [24, 24, 28];

/** Grey of a CT value in the soft-tissue window; the panel's background outside the image. */
export function ctColour(hounsfield: number): Colour {
  if (Number.isNaN(hounsfield)) return OUTSIDE;
  const grey = scale(hounsfield, CT_WINDOW.lower, CT_WINDOW.upper);
  return [grey, grey, grey];
}

/** Inverse grey of an SUV, as PET is usually read. */
export function petColour(suv: number): Colour {
  if (Number.isNaN(suv)) return OUTSIDE;
  const grey = 255 - scale(suv, 0, SUV_FULL);
  return [grey, grey, grey];
}

/** CT with PET on it: hot colours whose strength grows with the SUV. */
export function fusedColour(hounsfield: number, suv: number): Colour {
  const base = ctColour(hounsfield);
  if (Number.isNaN(suv) || suv <= 0) return base;
  const t = Math.min(suv / SUV_FULL, 1);
  const hot: Colour = [scale(t, 0, 0.4), scale(t, 0.3, 0.8), scale(t, 0.7, 1)];
  const strength = 0.75 * Math.min(t * 2.5, 1);
  return [0, 1, 2].map((channel) =>
    Math.round(base[channel]! * (1 - strength) + hot[channel]! * strength),
  ) as unknown as Colour;
}

function scale(value: number, lower: number, upper: number): number {
  return Math.round(255 * Math.min(Math.max((value - lower) / (upper - lower), 0), 1));
}
