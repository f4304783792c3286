import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';

describe('the test target of this project', () => {
  it('reads nothing of an app that a change of its resources would touch', () => {
    const file = new URL('../project.json', import.meta.url);
    const { targets } = JSON.parse(readFileSync(file, 'utf8')) as {
      targets: { test: { inputs: unknown[] } };
    };
    const ofApps = targets.test.inputs.filter(
      (input) => typeof input === 'string' && /workspaceRoot\}\/(apps|\{apps)/.test(input),
    );
    expect(ofApps).toEqual([
      '{workspaceRoot}/{apps,libs,tools,bench}/**/*.{ts,cjs,mjs}',
      '{workspaceRoot}/apps/*/task.json',
    ]);
  });
});
