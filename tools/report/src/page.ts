import { createHash } from 'node:crypto';
import { Markup, markup } from './markup.ts';
import { SCRIPT } from './page-script.ts';
import { petFilters, STYLE } from './page-style.ts';

export interface Page {
  readonly title: string;
  /** Below the title. */
  readonly lead: Markup;
  /** Made by `section`. */
  readonly sections: readonly Markup[];
}

/** A whole page. Its policy lets it load nothing, and run no script but its own. */
export function page({ title, lead, sections }: Page): string {
  const hash = createHash('sha256').update(SCRIPT).digest('base64');
  const policy = `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-${hash}'`;
  const headings = sections.flatMap(({ text }) => {
    const [, id, name] = /<h2 id="([^"]+)">(.*?)<\/h2>/.exec(text) ?? [];
    return id === undefined
      ? []
      : [markup`<li><a href="#${id}">${new Markup(name ?? id)}</a></li>`];
  });
  return markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${title}</title><style>${new Markup(STYLE)}</style></head>
<body>${petFilters()}<a class="skip" href="#main">Skip to the content</a>
<header><h1>${title}</h1>${lead}<nav aria-label="Contents"><ul>${headings}</ul></nav></header>
<main id="main">${sections}</main>
<footer><p class="note">For research. Not a medical device, not for decisions about patients.</p></footer>
<script>${new Markup(SCRIPT)}</script></body></html>
`.text;
}
