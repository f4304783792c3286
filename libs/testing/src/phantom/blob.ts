import type { Vec3 } from '@hecktor/volume';
import type { Random } from '../random.ts';
import type { Shape } from './shape.ts';

const { sin } = Math;

/**
 * An ellipsoid whose surface is dented and bulged by low-frequency waves, as tumours are.
 * `roughness` 0 is a plain ellipsoid; 0.4 is irregular.
 */
export function blob(centre: Vec3, radii: Vec3, roughness: number, random: Random): Shape {
  const waves = Array.from({ length: 6 }, () => ({
    x: random.between(-4, 4),
    y: random.between(-4, 4),
    z: random.between(-4, 4),
    phase: random.between(0, 2 * Math.PI),
    height: (roughness * random.between(0.4, 1)) / 2,
  }));
  const most = Math.sqrt(1 + waves.reduce((sum, wave) => sum + wave.height, 0));
  return {
    lower: [centre[0] - radii[0] * most, centre[1] - radii[1] * most, centre[2] - radii[2] * most],
    upper: [centre[0] + radii[0] * most, centre[1] + radii[1] * most, centre[2] + radii[2] * most],
    at: (z) => {
      const uz = (z - centre[2]) / radii[2];
      return (x, y) => {
        const ux = (x - centre[0]) / radii[0];
        const uy = (y - centre[1]) / radii[1];
        let surface = 1;
        for (const w of waves) surface += w.height * sin(w.x * ux + w.y * uy + w.z * uz + w.phase);
        return ux * ux + uy * uy + uz * uz < surface;
      };
    },
  };
}
