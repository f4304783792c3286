import { describe, expect, it } from '@jest/globals';
import { CATALOGUE } from '@hecktor/errors';
import { readdirSync, readFileSync } from 'node:fs';
import { indexPage } from './index-page.ts';
import { foldLog, normalise, shorten } from './normalise.ts';
import { SCENES } from './scenes.ts';
import { terminalSvg } from './terminal-svg.ts';

const CAPTURES = new URL('../../../../docs/captures/', import.meta.url);

describe('normalise', () => {
  const places = { workspace: '/work/space', home: '/home/me', temporary: '/tmp' };
  const clean = (text: string) => normalise(text, places);

  it('takes out paths of this machine, escapes, times and noise', () => {
    const said = [
      '\u001b[31mred\u001b[0m in /work/space/apps/task1, /work/space',
      'npm warn something',
      '10 %\r50 %\r100 %',
      'copied to /tmp/hecktor-case-a1B2c3/images by /home/me/bin',
      'at 2026-11-23T04:35:08.895Z',
      '',
      '',
      '',
      '  Run duration:      819ms',
    ].join('\n');
    expect(clean(said)).toBe(
      [
        'red in apps/task1, .',
        '100 %',
        'copied to /tmp/hecktor-case/images by ~/bin',
        'at 2025-07-01T12:00:00Z',
        '',
      ].join('\n'),
    );
  });
});

describe('foldLog', () => {
  it('folds long stretches of the log and nothing else', () => {
    const log = (n: number) => Array.from({ length: n }, (_, i) => `{"level":"info","n":${i}}`);
    const text = ['a', ...log(6), 'b', ...log(4), ''].join('\n');
    expect(foldLog(text).split('\n')).toEqual([
      ...['a', ...log(2), '… 3 more lines of the log …', log(6)[5], 'b', ...log(4), ''],
    ]);
  });
});

describe('shorten', () => {
  it('keeps the beginning and the end', () => {
    const text = `${Array.from({ length: 9 }, (_, i) => i).join('\n')}\n`;
    expect(shorten(text, { first: 2, last: 1 })).toBe('0\n1\n… 6 more lines …\n8\n');
    expect(shorten(text, { first: 4, last: 4 })).toBe(text);
  });
});

describe('terminalSvg', () => {
  it('shows every word of a long line, and no markup of its own making', () => {
    const words = Array.from({ length: 60 }, (_, i) => `w${i}`);
    const svg = terminalSvg('a < b', `$ run\n${words.join(' ')} <b>&`);
    for (const word of words) expect(svg).toContain(word);
    expect(svg).toContain('&lt;b&gt;&amp;');
    expect(svg).toContain('<title>a &lt; b</title>');
    expect(svg.match(/<text /g)).toHaveLength(3);
  });
});

describe('docs/captures', () => {
  it('has an index that fits the scenes: else run `nx run container:captures`', async () => {
    expect(readFileSync(new URL('README.md', CAPTURES), 'utf8')).toBe(await indexPage(SCENES));
  });

  it('has a picture of every scene, with its error and without a path of some machine', () => {
    const pictures = readdirSync(CAPTURES).filter((name) => name.endsWith('.svg'));
    expect(pictures.sort()).toEqual(SCENES.map(({ name }) => `${name}.svg`).sort());
    for (const name of pictures) {
      const text = readFileSync(new URL(name, CAPTURES), 'utf8');
      expect(text).not.toMatch(/\/work\/|\/home\/|\/root\/|\/Users\//);
    }
  });

  it('shows errors that exist', () => {
    for (const { code } of SCENES) if (code !== undefined) expect(CATALOGUE).toHaveProperty(code);
  });
});
