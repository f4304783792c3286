/** Sorting and filtering of tables. Without it the page shows all the same, in the given order. */
export const SCRIPT = `
for (const table of document.querySelectorAll('table.sortable')) {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const valueOf = (row, column) => row.cells[column].dataset.value ?? row.cells[column].textContent;
  const compare = (a, b) => a.localeCompare(b, 'en', { numeric: true });
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => {
      const falling = head.getAttribute('aria-sort') === 'ascending';
      for (const other of table.tHead.rows[0].cells) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', falling ? 'descending' : 'ascending');
      const isNumber = rows.some((row) => row.cells[column].dataset.value);
      const missing = (value) => (isNumber ? value === '' : value === '–');
      rows.sort((a, b) => {
        const [x, y] = [valueOf(a, column), valueOf(b, column)];
        if (missing(x) || missing(y)) return missing(x) - missing(y);
        return (falling ? -1 : 1) * (isNumber ? Number(x) - Number(y) || 0 : compare(x, y));
      });
      body.append(...rows);
    });
  });
  const filter = document.createElement('p');
  filter.className = 'filter';
  filter.innerHTML = '<label>Filter cases <input type="search"></label><span role="status"></span>';
  table.parentElement.before(filter);
  const [field, status] = [filter.querySelector('input'), filter.querySelector('span')];
  const show = () => {
    const words = field.value.toLowerCase().split(/\\s+/);
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
    }
    status.textContent = rows.filter((row) => !row.hidden).length + ' of ' + rows.length + ' shown';
  };
  field.addEventListener('input', show);
  show();
}
`;
