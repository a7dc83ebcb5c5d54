/** The popup's keys. */

export type KeyCommand =
  | 'next'
  | 'previous'
  | 'first'
  | 'last'
  | 'toggle'
  | 'read'
  | 'unread'
  | 'all-read'
  | 'filter'
  | 'help';

const PLAIN: Record<string, KeyCommand> = {
  j: 'next',
  arrowdown: 'next',
  k: 'previous',
  arrowup: 'previous',
  home: 'first',
  end: 'last',
  u: 'toggle',
  f: 'filter',
};

const SHIFTED: Record<string, KeyCommand> = { i: 'read', u: 'unread', a: 'all-read' };

/** What this key stands for; null where it is the browser's, or a field's. */
export function keyCommand(event: KeyboardEvent): KeyCommand | null {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return null;
  if (event.target instanceof Element && event.target.closest('input, select, textarea, dialog')) return null;
  // Where "?" lies, and whether it takes Shift, is the keyboard layout's business.
  if (event.key === '?') return 'help';
  return (event.shiftKey ? SHIFTED : PLAIN)[event.key.toLowerCase()] ?? null;
}
