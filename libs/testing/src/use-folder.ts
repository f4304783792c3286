import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';

/** A temporary folder that exists while the tests of a file, or each of them, run. */
export interface TestFolder {
  readonly path: string;
  /** A path in the folder. */
  at(...names: string[]): string;
  /** Writes a file, text as UTF-8, with the folders above it; returns its path. */
  put(name: string, content?: string | Uint8Array): string;
  /** Makes a folder with those above it; returns its path. */
  make(name: string): string;
}

/** Gives the tests of a file one folder, or with `each` every test a fresh one. */
export function useFolder({ each = false }: { each?: boolean } = {}): TestFolder {
  let path = '';
  const [before, after] = each ? [beforeEach, afterEach] : [beforeAll, afterAll];
  before(() => {
    path = mkdtempSync(join(tmpdir(), 'hecktor-test-'));
  });
  after(() => rmSync(path, { recursive: true, force: true }));
  const at = (...names: string[]): string => join(path, ...names);
  return {
    get path() {
      return path;
    },
    at,
    put(name, content = 'x') {
      mkdirSync(dirname(at(name)), { recursive: true });
      writeFileSync(at(name), content);
      return at(name);
    },
    make(name) {
      mkdirSync(at(name), { recursive: true });
      return at(name);
    },
  };
}

/**
 * Runs `work` as a user without rights where the tests run as root, whom no permission stops. One
 * at a time: the whole process changes its user meanwhile.
 */
export async function withoutRights<T>(work: () => T | Promise<T>): Promise<T> {
  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.seteuid!(65_534);
  try {
    return await work();
  } finally {
    if (isRoot) process.seteuid!(0);
  }
}
