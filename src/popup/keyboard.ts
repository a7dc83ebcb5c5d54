/** The popup's keys. */
import type { ActCommand } from './acts.ts';

export type KeyCommand = ActCommand | 'next' | 'previous' | 'first' | 'last' | 'undo' | 'all-read' | 'filter' | 'help';

const PLAIN: Record<string, KeyCommand> = {
  j: 'next',
  arrowdown: 'next',
  k: 'previous',
  arrowup: 'previous',
  home: 'first',
  end: 'last',
  u: 'toggle',
  s: 'star',
  e: 'archive',
  z: 'undo',
  f: 'filter',
};

const SIGNS: Record<string, KeyCommand> = { '?': 'help', '#': 'trash', '!': 'spam' };
const SHIFTED: Record<string, KeyCommand> = { i: 'read', u: 'unread', a: 'all-read' };

/** What this key stands for; null where it is the browser's, or a field's. */
export function keyCommand(event: KeyboardEvent): KeyCommand | null {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return null;
  if (event.target instanceof Element && event.target.closest('input, select, textarea, dialog')) return null;
  // Where the signs lie, and whether they take Shift, is the keyboard layout's business.
  const sign = SIGNS[event.key];
  if (sign) return sign;
  return (event.shiftKey ? SHIFTED : PLAIN)[event.key.toLowerCase()] ?? null;
}
