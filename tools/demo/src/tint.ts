import type { Colour } from './canvas.ts';

const { max, min, round, sqrt } = Math;

const fraction = (value: number, low: number, high: number): number =>
  min(1, max(0, (value - low) / (high - low)));

/** CT in a soft-tissue window, -160 to 240 HU, black to white. */
export function ctTint(hu: number): Colour {
  const grey = round(255 * fraction(hu, -160, 240));
  return [grey, grey, grey];
}

/** PET in inverse grey, SUV 0 (white) to 10 (black). */
export function petTint(suv: number): Colour {
  const grey = round(255 * (1 - fraction(suv, 0, 10)));
  return [grey, grey, grey];
}

/** CT with the PET's uptake over it, from dark red through orange to yellow. */
export function fusedTint(hu: number, suv: number): Colour {
  const grey = 255 * fraction(hu, -160, 240);
  const heat = fraction(suv, 0.5, 10);
  const cover = 0.55 * sqrt(heat);
  const mix = (hot: number) => round(grey * (1 - cover) + hot * cover);
  return [
    mix(255 * fraction(heat, 0, 0.4)),
    mix(255 * fraction(heat, 0.25, 0.9)),
    mix(160 * fraction(heat, 0.8, 1.3)),
  ];
}
