import { describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';

interface Entry {
  version?: string;
  integrity?: string;
  resolved?: string;
  link?: boolean;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

const { packages } = JSON.parse(
  await readFile(new URL('../../../package-lock.json', import.meta.url), 'utf8'),
) as { packages: Record<string, Entry> };
const entries = Object.entries(packages);

describe('package-lock.json', () => {
  it('names no place to download from', () => {
    const addresses = entries.filter(([, entry]) => /^https?:/.test(entry.resolved ?? ''));
    expect(addresses).toEqual([]);
  });

  it('pins every package by version and checksum', () => {
    const loose = entries.filter(
      ([path, { link, version, integrity }]) =>
        path.includes('node_modules/') && link !== true && !(version && integrity),
    );
    expect(loose).toEqual([]);
  });

  // npm leaves a platform's package out when the registry does not have it yet at that version;
  // `npm ci` then refuses the lock file everywhere.
  it('lists the packages of all platforms', () => {
    const names = new Set(entries.map(([path]) => path.replace(/^.*node_modules\//, '')));
    const missing = entries.flatMap(([path, entry]) =>
      Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })
        .filter((name) => !names.has(name))
        .map((name) => `${path} needs ${name}`),
    );
    expect(missing).toEqual([]);
  });
});
