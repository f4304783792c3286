import type { Metafile } from 'esbuild';

/** An npm package that is shipped, in whole or in part. */
interface ShippedPackage {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  /** Subresource integrity of its archive, `sha512-…`. */
  readonly integrity?: string;
}

interface Lock {
  packages: Record<string, { version?: string; license?: string; integrity?: string }>;
}

/**
 * The npm packages that have code in a bundle, and those that lie beside it.
 *
 * @param lock - Text of package-lock.json.
 * @param beside - Packages that the bundle imports at run time.
 */
export function bundledPackages(
  { outputs }: Pick<Metafile, 'outputs'>,
  lock: string,
  beside: readonly string[] = [],
): ShippedPackage[] {
  const { packages } = JSON.parse(lock) as Lock;
  const places = new Set(beside.map((name) => `node_modules/${name}`));
  for (const { inputs } of Object.values(outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const place = /node_modules\/(.*node_modules\/)?(@[^/]+\/)?[^/]+/.exec(path)?.[0];
      if (place !== undefined && bytesInOutput > 0) places.add(place);
    }
  }
  return [...places].sort().map((place) => {
    const found = packages[place];
    const name = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
    if (found?.version === undefined) throw new Error(`package-lock.json has no ${place}`);
    const { version, license, integrity } = found;
    return {
      name,
      version,
      ...(license === undefined ? {} : { license }),
      ...(integrity === undefined ? {} : { integrity }),
    };
  });
}
