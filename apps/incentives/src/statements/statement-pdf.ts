import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import type { StatementAnswer } from './statements.answers.js';

type Line = StatementAnswer['lines'][number];
/** What pdfmake lays out: a text, a table, a stack of them. */
type Content = Readonly<Record<string, unknown>> | string;

interface Pdfmake {
  setFonts(fonts: Readonly<Record<string, Readonly<Record<string, string>>>>): void;
  setUrlAccessPolicy(policy: (url: string) => boolean): void;
  setLocalAccessPolicy(policy: (path: string) => boolean): void;
  createPdf(definition: Readonly<Record<string, unknown>>): { getBuffer(): Promise<Buffer> };
}

const require = createRequire(import.meta.url);
let loaded: Pdfmake | undefined;

/** Loaded at the first statement, because most processes never write one. */
function pdfmake(): Pdfmake {
  if (loaded !== undefined) return loaded;
  const fonts = join(dirname(require.resolve('pdfmake/package.json')), 'fonts', 'Roboto');
  const made = require('pdfmake') as Pdfmake;
  // The document uses only the statement and these fonts, so that a text of the data cannot open a file or an address.
  made.setUrlAccessPolicy(() => false);
  made.setLocalAccessPolicy((path) => path.startsWith(fonts + sep));
  made.setFonts({
    Roboto: {
      normal: join(fonts, 'Roboto-Regular.ttf'),
      bold: join(fonts, 'Roboto-Medium.ttf'),
      italics: join(fonts, 'Roboto-Italic.ttf'),
      bolditalics: join(fonts, 'Roboto-MediumItalic.ttf'),
    },
  });
  return (loaded = made);
}

/** Texts of the first page that are not in the statement. */
export interface Beside {
  readonly company: string;
  /** Up to which position of the log facts are in an issued statement; null for a preview. */
  readonly position: string | null;
}

/** A statement on A4 with every line and how it is computed. The same statement is the same bytes. */
export async function statementPdf(statement: StatementAnswer, beside: Beside): Promise<Buffer> {
  // The date of the file is the statement's, because the present date would change the bytes each time.
  const dated = new Date(statement.issued ?? statement.cut.known);
  return pdfmake()
    .createPdf({
      info: {
        title: `Statement ${statement.period} of ${statement.participant}`,
        author: beside.company,
        creator: 'Attain',
        producer: 'Attain',
        creationDate: dated,
        modDate: dated,
      },
      pageSize: 'A4',
      pageMargins: [40, 56, 40, 48],
      defaultStyle: { font: 'Roboto', fontSize: 9, lineHeight: 1.2 },
      styles: {
        title: { fontSize: 18, bold: true },
        heading: { fontSize: 12, bold: true, margin: [0, 14, 0, 4] },
        figure: { fontSize: 15, bold: true },
        muted: { color: '#52606d', fontSize: 8 },
        head: { bold: true },
      },
      header: () => ({
        margin: [40, 24, 40, 0],
        columns: [
          { text: beside.company, style: 'muted' },
          { text: `${statement.participant}, ${statement.period}`, style: 'muted', alignment: 'right' },
        ],
      }),
      footer: (page: number, pages: number) => ({
        margin: [40, 12, 40, 0],
        columns: [
          { text: statement.hash === null ? '' : `SHA-256 ${statement.hash}`, style: 'muted' },
          { text: `Page ${page} of ${pages}`, style: 'muted', alignment: 'right', width: 70 },
        ],
      }),
      content: [...head(statement, beside), ...missing(statement), ...components(statement), ...lines(statement)],
    })
    .getBuffer();
}

function head(statement: StatementAnswer, { position }: Beside): Content[] {
  const { participant, period, currency, earned, payable, issued, cut, units } = statement;
  const figures = [
    ['Payable', amount(payable, currency)],
    ['Earned', amount(earned, currency)],
    ...units.map(({ unit, amount: of }) => [unit, grouped(of)]),
  ];
  const known = position === null ? cut.known : `${cut.known}, position ${position} of the log`;
  return [
    { text: `Statement ${period}`, style: 'title' },
    { text: [participant, ...roles(statement)].join(', '), margin: [0, 2, 0, 0] },
    {
      text: issued === null ? 'Preview: the period is open, or another date was asked for.' : `Issued ${issued}`,
      style: 'muted',
    },
    { text: `Known up to ${known}. Effective on ${cut.effective}. Plans: ${plans(statement)}.`, style: 'muted' },
    {
      margin: [0, 10, 0, 0],
      columns: figures.map(([label, value]) => ({
        stack: [
          { text: label, style: 'muted' },
          { text: value, style: 'figure' },
        ],
      })),
    },
    ...(statement.balances ?? []).map(({ plan, currency: of, draw, carried }) => ({
      text: `Balance of ${plan}: draw ${amount(draw, of)}, carried ${amount(carried, of)}`,
      style: 'muted',
    })),
    ...(statement.held ?? []).map(({ plan, currency: of, amount: held }) => ({
      text: `Held by ${plan}: ${amount(held, of)}`,
      style: 'muted',
    })),
  ];
}

/** The roles that the lines name, such as Account Executive, Team Marxen. */
function roles({ lines: all, participant }: StatementAnswer): string[] {
  const named = all.flatMap(({ trace }) => (trace?.inputs ?? []).filter(({ what }) => what === 'participant'));
  const own = named.map(({ value }) => value).filter((value) => value.startsWith(`${participant}, `));
  return [...new Set(own)].map((value) => value.slice(participant.length + 2));
}

function plans({ lines: all, components: parts }: StatementAnswer): string {
  const versions = new Set(all.map(({ plan, version }) => `${plan} ${version}`));
  return [...(versions.size > 0 ? versions : new Set(parts.map(({ plan }) => plan)))].join(', ') || 'none';
}

/** What the sums leave out, so that the reader knows that they are incomplete. */
function missing({ exceptions, waiting = [], withheld, unexplained }: StatementAnswer): Content[] {
  const texts = [
    ...exceptions.map(({ code, component, detail }) => `${code}, ${component}: ${detail}`),
    ...waiting.map(
      (change) =>
        `Waits for a review, not paid: ${amount(change.payable, change.payableCurrency)}, ${change.component} (${change.cause.kind})`,
    ),
    ...(withheld.lines + withheld.traces === 0
      ? []
      : [
          `${withheld.lines} lines and ${withheld.traces} explanations are not shown, because they are of days that the reader may not see.`,
        ]),
    ...(unexplained === 0 ? [] : [`${unexplained} lines have no explanation, because the engine computes others now.`]),
  ];
  return texts.length === 0
    ? []
    : [{ text: 'Missing from these sums', style: 'heading' }, ...texts.map((text) => ({ text }))];
}

function components({ components: parts, currency }: StatementAnswer): Content[] {
  const rows = parts.map(({ plan, component, lines: count, earned, payable }) => [
    { text: component || plan },
    { text: plan },
    right(String(count)),
    right(amount(earned, currency)),
    right(amount(payable, currency)),
  ]);
  const heads = ['Component', 'Plan', 'Lines', 'Earned', 'Payable'];
  return [{ text: 'Components', style: 'heading' }, table(['*', '*', 'auto', 'auto', 'auto'], heads, 2, rows)];
}

function lines({ lines: all }: StatementAnswer): Content[] {
  const heads = ['Date', 'Record', 'Component, and how it is computed', 'Credited', 'Rate', 'Payable'];
  return [
    { text: `Lines (${all.length})`, style: 'heading' },
    table(['auto', 'auto', '*', 'auto', 'auto', 'auto'], heads, 3, all.map(lineRow)),
  ];
}

function lineRow(line: Line): Content[] {
  const { date, record, component, plan, kind, credited, rate, payable, payableCurrency, cause, trace } = line;
  const inputs = (trace?.inputs ?? []).map(({ what, value }) => `${what} = ${value}`);
  const why = [
    ...(cause === null ? [] : [`Because of a late change: ${cause.kind}`]),
    ...(trace === null ? ['No explanation is shown.'] : [trace.rule, `${trace.arithmetic}, ${trace.rounding}`]),
    ...(inputs.length === 0 ? [] : [`From ${inputs.join('; ')}`]),
  ];
  return [
    { text: date, noWrap: true },
    { text: record?.id ?? '–' },
    { stack: [{ text: `${component || plan}, ${kind}` }, ...why.map((text) => ({ text, style: 'muted' }))] },
    right(credited === null ? '–' : grouped(credited)),
    right(rate ?? '–'),
    right(amount(payable, payableCurrency)),
  ];
}

/** The header row is repeated on each page. A row may break, because one with many inputs is longer than a page. */
function table(
  widths: readonly string[],
  heads: readonly string[],
  texts: number,
  rows: readonly Content[][],
): Content {
  const head = heads.map((text, index) => ({ text, style: 'head', ...(index >= texts && { alignment: 'right' }) }));
  return {
    table: { headerRows: 1, widths, body: [head, ...rows] },
    layout: 'lightHorizontalLines',
  };
}

const right = (text: string): Content => ({ text, alignment: 'right', noWrap: true });
const amount = (decimal: string, currency: string): string => `${grouped(decimal)} ${currency}`;

/** 7327.62 as 7,327.62, exactly. */
function grouped(decimal: string): string {
  const [whole = '', ...rest] = decimal.split('.');
  return [whole.replace(/\B(?=(\d{3})+$)/g, ','), ...rest].join('.');
}
