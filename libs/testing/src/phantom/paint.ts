import type { Grid } from '@hecktor/volume';
import type { Pose } from './pose.ts';
import type { Shape } from './shape.ts';

/** A shape and the tissue it is filled with. */
export interface Layer {
  readonly shape: Shape;
  readonly tissue: number;
  /** Only voxels of these tissues are painted over; absent: all. */
  readonly over?: ReadonlySet<number>;
}

/**
 * Paints layers onto a grid with identity direction, later ones over earlier ones: one tissue
 * number per voxel, x fastest. A voxel belongs to a shape when its centre lies inside.
 */
export function paint(grid: Grid, pose: Pose, layers: readonly Layer[]): Uint8Array {
  const [nx, ny, nz] = grid.size;
  const tissues = new Uint8Array(nx * ny * nz);
  for (const layer of layers) paintLayer(tissues, grid, pose, layer);
  return tissues;
}

function paintLayer(tissues: Uint8Array, grid: Grid, pose: Pose, layer: Layer): void {
  const { shape, tissue, over } = layer;
  const [nx, ny, nz] = grid.size;
  const [sx, sy, sz] = grid.spacing;
  const [ox, oy, oz] = grid.origin;
  const [scaleX, scaleY, scaleZ] = pose.scale;
  const cos = Math.cos(pose.turn);
  const sin = Math.sin(pose.turn);
  const first = Math.ceil((shape.lower[2] * scaleZ + pose.height - oz) / sz);
  const last = Math.floor((shape.upper[2] * scaleZ + pose.height - oz) / sz);
  const middleX = ((shape.lower[0] + shape.upper[0]) / 2) * scaleX;
  const middleY = ((shape.lower[1] + shape.upper[1]) / 2) * scaleY;
  const halfX = ((shape.upper[0] - shape.lower[0]) / 2) * scaleX;
  const halfY = ((shape.upper[1] - shape.lower[1]) / 2) * scaleY;
  const reachX = halfX * cos + halfY * Math.abs(sin);
  const reachY = halfY * cos + halfX * Math.abs(sin);
  for (let k = Math.max(0, first); k <= Math.min(nz - 1, last); k++) {
    const z = (oz + k * sz - pose.height) / scaleZ;
    const inside = shape.at(z);
    if (inside === undefined) continue;
    const [shiftX, shiftY] = pose.shift(z);
    const worldX = cos * middleX - sin * middleY + shiftX;
    const worldY = sin * middleX + cos * middleY + shiftY;
    const i0 = Math.max(0, Math.ceil((worldX - reachX - ox) / sx));
    const i1 = Math.min(nx - 1, Math.floor((worldX + reachX - ox) / sx));
    const j0 = Math.max(0, Math.ceil((worldY - reachY - oy) / sy));
    const j1 = Math.min(ny - 1, Math.floor((worldY + reachY - oy) / sy));
    const stepX = (sx * cos) / scaleX;
    const stepY = (-sx * sin) / scaleY;
    for (let j = j0; j <= j1; j++) {
      const dx = ox + i0 * sx - shiftX;
      const dy = oy + j * sy - shiftY;
      let x = (cos * dx + sin * dy) / scaleX;
      let y = (-sin * dx + cos * dy) / scaleY;
      let at = i0 + nx * (j + ny * k);
      for (let i = i0; i <= i1; i++, at++, x += stepX, y += stepY) {
        if (over !== undefined && !over.has(tissues[at]!)) continue;
        if (inside(x, y)) tissues[at] = tissue;
      }
    }
  }
}
