/** Every word that a user reads comes from `_locales` through here. */
import browser from 'webextension-polyfill';
import type en from '../public/_locales/en/messages.json';
import type { ErrorCode } from './model.ts';

export type TextKey = keyof typeof en;

/** What has a form for each plural category: `unread` for `unread_one` and `unread_other`. */
export type PluralKey = TextKey extends infer Key ? (Key extends `${infer Base}_other` ? Base : never) : never;

type Underscored<Text extends string> = Text extends `${infer Head}-${infer Tail}`
  ? `${Head}_${Underscored<Tail>}`
  : Text;

/** The words for `key`, with what stands for $1, $2 and so on. */
export function t(key: TextKey, ...substitutions: (string | number)[]): string {
  return browser.i18n.getMessage(key, substitutions.map(String));
}

/** The form of `key` for this number, which is its first substitution, written the user's way. */
export function plural(key: PluralKey, count: number): string {
  const category = new Intl.PluralRules(t('language')).select(count);
  const shown = formatNumber(count);
  // Languages with more categories than their file has forms for fall back to the general one.
  return browser.i18n.getMessage(`${key}_${category}`, shown) || browser.i18n.getMessage(`${key}_other`, shown);
}

/** The language of the browser's own menus (BCP 47): dates and numbers follow it. */
export function language(): string {
  return browser.i18n.getUILanguage();
}

export function formatNumber(count: number): string {
  return new Intl.NumberFormat(language()).format(count);
}

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** A size as people say it: "340 kB". */
export function formatBytes(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const options = {
    style: 'unit',
    unit: UNITS[power],
    unitDisplay: 'short',
    maximumFractionDigits: power > 1 ? 1 : 0,
  } as const;
  return new Intl.NumberFormat(language(), options).format(bytes / 1000 ** power);
}

/** What went wrong, and what can be done, in plain words. A code without words does not compile. */
export function errorText(code: ErrorCode): { sentence: string; advice: string } {
  const name = code.replaceAll('-', '_') as Underscored<ErrorCode>;
  return { sentence: t(`error_${name}`), advice: t(`advice_${name}`) };
}
