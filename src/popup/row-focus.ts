/** Moving through the rows by keyboard. The focus itself is the cursor. */

export type Move = 'next' | 'previous' | 'first' | 'last';

/** The key of the row that holds the focus, be it on the row or on one of its buttons; null when none does. */
export function focusedRow(): string | null {
  return rowOfFocus()?.dataset['row'] ?? null;
}

/** Moves the focus; from outside the list it enters at the row that Tab would reach. */
export function moveFocus(move: Move): void {
  const rows = allRows();
  const focused = rowOfFocus();
  const at = focused ? rows.indexOf(focused) : -1;
  rows[target(move, at, rows)]?.focus();
}

/** Puts the focus on the row that Tab would reach. */
export function enterRows(): void {
  allRows()
    .find((row) => row.tabIndex === 0)
    ?.focus();
}

/** Puts the focus on the row with this key, if it is drawn. */
export function focusRow(key: string): void {
  allRows()
    .find((row) => row.dataset['row'] === key)
    ?.focus();
}

function allRows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('[data-row]')];
}

function target(move: Move, at: number, rows: readonly HTMLElement[]): number {
  if (move === 'first') return 0;
  if (move === 'last') return rows.length - 1;
  if (at < 0) return rows.findIndex((row) => row.tabIndex === 0);
  return Math.min(rows.length - 1, Math.max(0, at + (move === 'next' ? 1 : -1)));
}

function rowOfFocus(): HTMLElement | null {
  return document.activeElement?.closest('.message')?.querySelector<HTMLElement>('[data-row]') ?? null;
}
