import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { Markup, markup } from './markup.ts';

export interface Chart extends Omit<Plot.PlotOptions, 'title' | 'document' | 'caption'> {
  readonly title: string;
  /** What the chart shows and how to read it; below it, and for those who do not see it. */
  readonly description: string;
}

/** A chart as SVG in a figure with its caption. */
export function chart({ title, description, ...options }: Chart): Markup {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const svg = Plot.plot({
    document,
    width: 470,
    marginBottom: 44,
    style: { fontSize: '13px', background: 'none', overflow: 'visible' },
    ...options,
  });
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', `${title}. ${description}`);
  return markup`<figure class="chart"><h3>${title}</h3><div class="scroll" tabindex="0" role="region" aria-label="${title}">${new Markup(svg.outerHTML)}</div><figcaption>${description}</figcaption></figure>`;
}

/** Colours that the style of the page gives, one for light and one for dark surroundings. */
export const SERIES = ['var(--series-1)', 'var(--series-2)', 'var(--series-3)'] as const;
