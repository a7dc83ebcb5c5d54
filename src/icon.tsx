/** The few line drawings of the pages. They say nothing to a screen reader: the button around them has the name. */
import type { JSX } from 'preact';

const PATHS = {
  'all-read': 'M1.5 9l3 3 6-7 M8 11l1 1 6-7',
  answered: 'M6.5 4L2.5 8l4 4 M3 8h6a4.5 4.5 0 0 1 4.5 4.5',
  archive: 'M2 3h12v3H2z M3 6v7h10V6 M6.3 8.7h3.4',
  check: 'M13.2 6A5.6 5.6 0 1 0 13.6 9.5 M13.5 2.5V6H10',
  close: 'M4 4l8 8 M12 4l-8 8',
  file: 'M12.5 7.2l-5 5a3 3 0 0 1-4.2-4.2l5.3-5.3a2 2 0 0 1 2.8 2.8l-5.2 5.2a1 1 0 0 1-1.4-1.4l4.6-4.6',
  help: 'M5.6 6a2.4 2.4 0 1 1 3.6 2.1c-.8.5-1.2.9-1.2 1.9 M8 12.6v.2',
  inbox: 'M2 9l2-6h8l2 6v4H2z M2 9h3.5a2.5 2.5 0 0 0 5 0H14',
  options: 'M2 4.5h6 M12 4.5h2 M10 2.8v3.4 M2 11.5h2 M8 11.5h6 M6 9.8v3.4',
  read: 'M2.5 8.5l3.5 3.5 7.5-8',
  spam: 'M5.2 1.8h5.6l3.4 3.4v5.6l-3.4 3.4H5.2l-3.4-3.4V5.2z M8 4.8v3.6 M8 10.9v.1',
  star: 'M8 2l1.9 3.9 4.2.6-3 3 .7 4.2L8 11.7l-3.8 2 .7-4.2-3-3 4.2-.6z',
  trash: 'M2.8 4.3h10.4 M6 4.3V2.5h4v1.8 M4 4.3l.6 9.2h6.8l.6-9.2 M6.7 7v3.8 M9.3 7v3.8',
  unread: 'M8 5a3 3 0 1 0 0 6a3 3 0 0 0 0-6z',
  warning: 'M8 2.2L14.5 13.5h-13z M8 6.4v3.2 M8 11.6v.1',
} as const;

export type IconName = keyof typeof PATHS;

/** 16 CSS pixels, in the colour of the text around it. */
export function Icon({ name, filled = false }: { name: IconName; filled?: boolean }): JSX.Element {
  return (
    <svg class={filled ? 'icon filled' : 'icon'} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
