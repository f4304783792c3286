import { perAxis, voxelCount, type Region } from '@hecktor/volume';
import { waveletNames, type Settings } from './params.ts';
import type { ImageReader } from './prepare.ts';
import { partOf, type Tile } from './region.ts';
import { waveletFilters } from './wavelet-filters.ts';

/**
 * PyRadiomics' wavelet images inside a box, by name: the undecimated transform of PyWavelets
 * (`swtn`, level by level), periodic over the extent, whose odd axes repeat their first slice.
 * Filters are short, so that only the box and some voxels around it are read.
 */
export function waveletImages(
  image: ImageReader,
  box: Region,
  settings: Settings,
): Map<string, Float64Array> {
  const single = image.type === 'float32';
  const [low, high] = waveletFilters(settings.wavelet, single);
  const axes = ([0, 1, 2] as const).filter(
    (axis) => !(settings.force2D && axis === 2 - settings.force2Ddimension),
  );
  const levels = settings.start_level + settings.level;
  const names = waveletNames(settings);
  const images = new Map<string, Float64Array>();
  let tile = periodicTile(image, box, axes, levels * (low.length / 2));
  for (let level = 0; level < levels; level++) {
    let bands: Tile[] = [tile];
    for (const axis of axes) {
      bands = bands.flatMap((band) =>
        [low, high].map((filter) => along(band, axis, filter, single)),
      );
    }
    tile = bands[0]!;
    if (level < settings.start_level) continue;
    for (const band of bands.slice(1)) images.set(names[images.size]!, partOf(band, box));
  }
  return images.set(names.at(-1)!, partOf(tile, box));
}

/** The box and `margin` voxels around it along the axes, in float64. */
function periodicTile(
  image: ImageReader,
  box: Region,
  axes: readonly number[],
  margin: number,
): Tile {
  const { extent } = image;
  const pad = perAxis((a) => (axes.includes(a) ? margin : 0));
  const start = perAxis((a) => box.start[a] - pad[a]);
  const size = perAxis((a) => box.size[a] + 2 * pad[a]);
  const places = ([0, 1, 2] as const).map((a) => {
    const n = extent.size[a];
    const period = n + (n % 2);
    return Int32Array.from({ length: size[a] }, (_, i) => {
      const at = (start[a] - extent.start[a] + i) % period;
      const place = at < 0 ? at + period : at;
      return extent.start[a] + (place === n ? 0 : place);
    });
  }) as [Int32Array, Int32Array, Int32Array];
  const data = new Float64Array(voxelCount({ size }));
  const low = perAxis((a) => Math.min(...places[a]));
  const read = perAxis((a) => Math.max(...places[a]) + 1 - low[a]);
  const source = image.read({ start: low, size: read });
  let to = 0;
  for (const z of places[2]) {
    for (const y of places[1]) {
      for (const x of places[0])
        data[to++] = source[x - low[0] + read[0] * (y - low[1] + read[1] * (z - low[2]))]!;
    }
  }
  return { start, size, data };
}

/** Filters along an axis: out(n) = sum over k of filter(k) in(n + length / 2 - k). */
function along(
  { start, size, data }: Tile,
  axis: 0 | 1 | 2,
  taps: Float64Array,
  single: boolean,
): Tile {
  const lost = taps.length - 1;
  const less = perAxis((a) => size[a] - (a === axis ? lost : 0));
  const from = perAxis((a) => start[a] + (a === axis ? taps.length / 2 - 1 : 0));
  const stride = [1, size[0], size[0] * size[1]][axis]!;
  const out = new Float64Array(voxelCount({ size: less }));
  let to = 0;
  for (let z = 0; z < less[2]; z++) {
    for (let y = 0; y < less[1]; y++) {
      const row = size[0] * (y + size[1] * z) + lost * stride;
      for (let x = 0; x < less[0]; x++) {
        let sum = 0;
        if (single) {
          for (let k = 0; k <= lost; k++) {
            sum = Math.fround(sum + Math.fround(taps[k]! * data[row + x - k * stride]!));
          }
        } else for (let k = 0; k <= lost; k++) sum += taps[k]! * data[row + x - k * stride]!;
        out[to++] = sum;
      }
    }
  }
  return { start: from, size: less, data: out };
}
