import type { Random } from '../random.ts';

/** How one patient's body lies in the world: size, turn and bend. */
export interface Pose {
  /** World millimetres per body millimetre across, front to back, and along the body. */
  readonly scale: readonly [number, number, number];
  /** World z of the body's zero level (the skull base), mm. */
  readonly height: number;
  /** Turn about the long axis, radians. */
  readonly turn: number;
  /** World position of the body axis at body height z: how the neck bends. */
  shift(z: number): readonly [number, number];
}

/** A plausible pose: within 7% of the mean size, up to 6 degrees turned, neck bent a little. */
export function drawPose(random: Random): Pose {
  const size = random.between(0.94, 1.06);
  const around = random.between(-6, 6);
  const sideways = random.between(-8, 8);
  const forwards = random.between(-14, 10);
  const x = random.between(-12, 12);
  const y = random.between(-15, 15);
  return {
    scale: [
      size * random.between(0.97, 1.03),
      size * random.between(0.97, 1.03),
      size * random.between(0.96, 1.04),
    ],
    height: random.between(-30, 30),
    turn: (around * Math.PI) / 180,
    shift: (z) => {
      const t = smooth((z + 140) / 170);
      return [x + sideways * (t - 0.5), y + forwards * (t - 0.5)];
    },
  };
}

function smooth(t: number): number {
  const c = Math.min(1, Math.max(0, t));
  return c * c * (3 - 2 * c);
}
