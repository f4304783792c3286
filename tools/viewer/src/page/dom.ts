export function byId<T extends HTMLElement>(id: string): T {
  return document.getElementById(id) as T;
}

/** A new element. Text goes in as text, whatever the name of a file or patient holds. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

export function tableRow(...cells: readonly (Node | string)[]): HTMLTableRowElement {
  return element('tr', {}, ...cells.map((cell) => element('td', {}, cell)));
}

/** Fills a list of choices; the value of each is its place. */
export function fillSelect(id: string, texts: readonly string[]): void {
  const options = texts.map((text, i) => element('option', { value: String(i) }, text));
  byId(id).replaceChildren(...options);
}

/** Throws what the server says is wrong. */
export async function get(path: string): Promise<Response> {
  const response = await fetch(path);
  if (response.ok) return response;
  throw new Error(((await response.json()) as { message: string }).message);
}
