import { markup, type Content, type Markup } from './markup.ts';

/** A column: its name, and what a row shows and is sorted by. */
export interface Column<Row> {
  readonly name: string;
  /** A number is shown with `digits`; NaN and undefined are a dash and are sorted last. */
  readonly value: (row: Row) => number | string | undefined;
  readonly digits?: number;
  /** What stands in the cell instead of the value. */
  readonly cell?: (row: Row) => Content;
}

export interface TableOptions {
  readonly caption: string;
  /** Buttons to sort by and a field to filter rows with. */
  readonly sortable?: boolean;
}

/** A table whose first column names the row. */
export function table<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { caption, sortable = false }: TableOptions,
): Markup {
  const cellOf = (column: Column<Row>, row: Row, isFirst: boolean): Markup => {
    const value = column.value(row);
    const content = column.cell?.(row) ?? format(value, column.digits);
    if (isFirst) return markup`<th scope="row">${content}</th>`;
    if (typeof value !== 'number') return markup`<td>${content}</td>`;
    const key = Number.isNaN(value) ? '' : value;
    return markup`<td class="number" data-value="${key}">${content}</td>`;
  };
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table${sortable && markup` class="sortable"`}>
<caption>${caption}</caption>
<thead><tr>${columns.map(({ name }) => markup`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows.map((row) => {
    return markup`<tr>${columns.map((column, i) => cellOf(column, row, i === 0))}</tr>\n`;
  })}</tbody></table></div>`;
}

/** `1 patient`, `2 patients` */
export function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

/** A number with so many digits behind the point, three by default; a dash for none. */
export function format(value: number | string | undefined, digits = 3): string {
  if (value === undefined || value === '' || Number.isNaN(value)) return '–';
  if (typeof value === 'string') return value;
  return Number.isFinite(value) ? value.toFixed(digits) : '∞';
}
