const UNITS: Readonly<Record<string, number>> = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };

/** Bytes of a size such as `16g`; the units are powers of 1024, as container engines take them. */
export function parseSize(size: string): number {
  return Number(size.slice(0, -1)) * UNITS[size.at(-1)!.toLowerCase()]!;
}

/** Bytes for people: `0.71 GB`, `38 kB`. */
export function showBytes(bytes: number): string {
  if (bytes >= 1e8) return `${(bytes / 1e9).toFixed(2)} GB`;
  if (bytes >= 1e6) return `${(bytes / 1e6).toFixed(1)} MB`;
  return bytes >= 1e3 ? `${(bytes / 1e3).toFixed(0)} kB` : `${bytes} B`;
}

/** Memory for people, in the unit its limits are given in: `0.48 GiB`. */
export function showMemory(bytes: number): string {
  const unit = bytes >= 2 ** 28 ? 'GiB' : 'MiB';
  const value = bytes / (unit === 'GiB' ? 2 ** 30 : 2 ** 20);
  return `${Number(value.toPrecision(3))} ${unit}`;
}
