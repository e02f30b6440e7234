import { i18n } from '@lingui/core';

export const languages = [
  { locale: 'en', name: 'English' },
  { locale: 'de', name: 'Deutsch' },
] as const;

const kept = 'attain-language';

/** The one that was chosen, else the browser's, else English. */
export function preferred(): string {
  const wished = [localStorage.getItem(kept) ?? '', ...navigator.languages].map((each) => each.slice(0, 2));
  return wished.find((each) => languages.some(({ locale }) => locale === each)) ?? 'en';
}

export async function speak(locale: string): Promise<void> {
  const { messages } = (await (locale === 'de' ? import('../locales/de.po') : import('../locales/en.po'))) as {
    messages: Record<string, string>;
  };
  i18n.loadAndActivate({ locale, messages });
  document.documentElement.lang = locale;
}

export async function choose(locale: string): Promise<void> {
  localStorage.setItem(kept, locale);
  await speak(locale);
}
