import { byId, element, tableRow } from './dom.ts';

/** Keys, what they do as the help says it, and how. */
export type Shortcut = readonly [keys: readonly string[], what: string, act: () => void];

const MOUSE = [
  ['click, drag', 'move the crosshair'],
  ['wheel', 'scroll'],
  ['Ctrl + wheel', 'zoom'],
  ['right button', 'pan'],
] as const;

const SIGNS: Readonly<Record<string, string>> = {
  ArrowUp: '\u2191',
  ArrowDown: '\u2193',
  ArrowLeft: '\u2190',
  ArrowRight: '\u2192',
};

/** Installs keys for the whole page, and the list of them. */
export function installShortcuts(shortcuts: readonly Shortcut[]): void {
  const dialog = byId<HTMLDialogElement>('shortcuts');
  const keys = shortcuts.map(
    ([all, what]) => [all.map((key) => SIGNS[key] ?? key).join(' '), what] as const,
  );
  const lines = [...keys, ...MOUSE].map(([key, what]) => tableRow(element('kbd', {}, key), what));
  dialog.append(element('h2', {}, 'Keys and mouse'), element('table', {}, ...lines));
  byId('help').addEventListener('click', () => (dialog.open ? dialog.close() : dialog.showModal()));
  const onKey = (event: KeyboardEvent): void => {
    // NiiVue has keys of its own for what is not offered here.
    if (event.target instanceof HTMLCanvasElement) event.stopPropagation();
    if (event.ctrlKey || event.metaKey || event.altKey || isForControl(event)) return;
    const found = shortcuts.find(([all]) => all.includes(event.key));
    if (found === undefined) return;
    event.preventDefault();
    found[2]();
  };
  document.addEventListener('keydown', onKey, { capture: true });
}

/** Whether the control that has the focus takes the key itself. */
function isForControl({ target, key }: KeyboardEvent): boolean {
  if (target instanceof HTMLSelectElement) return true;
  if (!(target instanceof HTMLInputElement)) return false;
  return target.type === 'search' || (target.type === 'range' && key.startsWith('Arrow'));
}
