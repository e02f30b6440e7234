/**
 * Runs in the browser, as `measured`: acts as a reader and measures until the browser has painted the result. A text, because these
 * sources know no types of browsers.
 */
export const inPage = `
const find = (selector) => document.querySelector(selector);
const table = () => [...document.querySelectorAll('section table[aria-rowcount]')].at(-1);
const frame = () => table()?.closest('[role=region]');
const rowIndex = () => Number([...(table()?.querySelectorAll('tr[aria-rowindex]') ?? [])].at(-1)?.getAttribute('aria-rowindex') ?? 0);
const afterPaint = (then) => requestAnimationFrame(() => { const { port1, port2 } = new MessageChannel(); port1.onmessage = then; port2.postMessage(0); });
const STILL = 500;
const LONGEST = 30_000;
globalThis.measured = {
  /** Milliseconds from the navigation until the screen was complete, and stayed so. */
  usable: () => new Promise((resolve) => {
    let since;
    const check = () => {
      const isUsable = find('main h1') !== null && find('main [role=status][aria-label=Loading]') === null && find('nav a') !== null;
      if (!isUsable) since = undefined;
      else since ??= performance.now();
      if (since !== undefined && performance.now() - since > STILL) resolve(since);
      else requestAnimationFrame(check);
    };
    check();
  }),
  painted: (act, isDone) => new Promise((resolve, reject) => {
    const start = performance.now();
    let next;
    afterPaint(() => { next = performance.now() - start; });
    // A step of the scroll decides itself which rows it waits for.
    const until = act() ?? isDone;
    const check = () => {
      if (until()) afterPaint(() => resolve({ next: next ?? performance.now() - start, result: performance.now() - start }));
      else if (performance.now() - start > LONGEST) reject(new Error('nothing was painted: ' + act + ' ' + until));
      else requestAnimationFrame(check);
    };
    // React draws after the event.
    requestAnimationFrame(check);
  }),
  rows: (total) => () => rowIndex() > 1 && frame().closest('[aria-busy=true]') === null && (total === undefined || Number(table().getAttribute('aria-rowcount')) === total + 1),
  shows: (selector) => () => find('main [role=status][aria-label=Loading]') === null && find('main ' + selector) !== null,
  follow: (href) => () => void find('nav a[href^="' + href + '"]').click(),
  choose: (label, value) => () => {
    const select = find('select[aria-label="' + label + '"]');
    select.value = value;
    select.dispatchEvent(new Event('change', { bubbles: true }));
  },
  sort: (title) => () => void [...table().querySelectorAll('th button')].find((one) => one.textContent.startsWith(title)).click(),
  scroll: (pixels) => () => {
    const before = rowIndex();
    frame().scrollTop += pixels;
    return () => rowIndex() > before;
  },
  open: (n) => () => void [...table().querySelectorAll('tbody a')][n].click(),
};
`;
