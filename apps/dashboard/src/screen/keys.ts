import { useEffect, useRef } from 'react';

/** Milliseconds within which the second key of `g m` follows the first. */
const PATIENCE = 1500;
const kept = 'attain-keys';

/** What each key, or sequence such as `g m`, does on the screen shown. */
const acts = new Map<string, () => void>();
let begun = { key: '', at: 0 };

/** Single keys can be switched off, because speech input and tremor press them unintended (WCAG 2.1.4). */
export const areKeysOn = (): boolean => localStorage.getItem(kept) !== 'off';
export const switchKeys = (on: boolean): void => localStorage.setItem(kept, on ? 'on' : 'off');

/** Keys of a part of the page while it is shown. */
export function useKeys(keys: Readonly<Record<string, () => void>>): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  const names = Object.keys(keys).join('\n');
  useEffect(() => {
    const own = names.split('\n').map((name) => [name, (): void => latest.current[name]?.()] as const);
    for (const [name, act] of own) acts.set(name, act);
    return () => {
      // The next screen may have taken the key already.
      for (const [name, act] of own) if (acts.get(name) === act) acts.delete(name);
    };
  }, [names]);
}

/** Listens for the whole page; belongs in its frame, once. */
export function useKeyboard(): void {
  useEffect(() => {
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
}

function press(event: KeyboardEvent): void {
  // `[` and `]` need AltGr on a German keyboard, which the browser reports as Ctrl and Alt.
  const isCommand = (event.ctrlKey || event.altKey || event.metaKey) && !event.getModifierState('AltGraph');
  if (event.key.length !== 1 && event.key !== 'Enter') return;
  if (event.defaultPrevented || isCommand || !areKeysOn() || isElsewhere(event.target)) return;
  const sequence = event.timeStamp - begun.at < PATIENCE ? `${begun.key} ${event.key}` : event.key;
  begun = { key: '', at: -PATIENCE };
  const act = event.key === 'Enter' ? openingOf(event.target) : acts.get(sequence);
  if (act !== undefined) {
    event.preventDefault();
    act();
  } else if (event.key === 'g') {
    begun = { key: 'g', at: event.timeStamp };
  }
}

/** A field takes the key as text, and a dialog covers the screen that the key is for. */
function isElsewhere(target: EventTarget | null): boolean {
  if (document.querySelector('[aria-modal="true"]') !== null) return true;
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.closest('input, select, textarea, [role="dialog"]') !== null;
}

/** A chosen row opens its reasons or its link, never a button that changes something. */
function openingOf(target: EventTarget | null): (() => void) | undefined {
  if (!(target instanceof HTMLTableRowElement)) return undefined;
  const opening = target.querySelector<HTMLElement>('button.why, a[href]');
  return opening === null ? undefined : () => opening.click();
}

/** Focuses the row after or before the focused one; at first, the first row of the first table. */
export function moveRow(step: 1 | -1): void {
  const here = document.activeElement?.closest<HTMLElement>('main .rows tbody tr');
  const table = here?.closest('.rows') ?? document.querySelector('main .rows');
  const rows = [...(table?.querySelectorAll<HTMLElement>('tbody tr:not([aria-hidden])') ?? [])];
  const row = here ? rows[rows.indexOf(here) + step] : rows[0];
  if (row === undefined) return;
  row.tabIndex = -1;
  row.focus();
}
