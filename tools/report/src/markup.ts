/** Markup that is safe to put into a page as it is. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template: text is escaped, markup is not; false and undefined are nothing. */
export type Content = Markup | string | number | false | undefined | readonly Content[];

/**
 * Markup with its values escaped.
 *
 * @example markup`<b title="${title}">${text}</b>`
 */
export function markup(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(strings.map((part, i) => part + render(values[i])).join(''));
}

/** A part of the page under a heading, to which the table of contents leads by its id. */
export function section(id: string, title: string, content: Content, style = ''): Markup {
  return markup`<section aria-labelledby="${id}"${style !== '' && markup` class="${style}"`}><h2 id="${id}">${title}</h2>
${content}
</section>`;
}

function render(value: Content): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'object') return value.map(render).join('');
  return String(value).replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);
}
