import { i18n } from '@lingui/core';

const day = /^\d{4}-\d{2}-\d{2}$/;

/** A day is the company's and is shown as it is, without a time zone; an instant is shown in the reader's. */
export function date(value: string): string {
  if (day.test(value))
    return new Intl.DateTimeFormat(i18n.locale || 'en', { dateStyle: 'medium', timeZone: 'UTC' }).format(
      new Date(`${value}T00:00:00Z`),
    );
  return new Intl.DateTimeFormat(i18n.locale || 'en', { dateStyle: 'medium', timeStyle: 'short' }).format(
    new Date(value),
  );
}

/** 2017-06 as June 2017; names of other periods, such as 2017-Q4, are the company's and stay. */
export function periodName(name: string): string {
  if (!/^\d{4}-\d{2}$/.test(name)) return name;
  return new Intl.DateTimeFormat(i18n.locale || 'en', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${name}-01T00:00:00Z`),
  );
}
