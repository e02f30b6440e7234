import fc from 'fast-check';

/** The limit for each case, in milliseconds. */
const MOST = 20;

/** Names that every object of the runtime has, and one that reads outside the names an expression may use. */
export const outside = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf', 'leaked'];

const names = [
  'amount',
  'cost',
  'quantity',
  'discount',
  'closed',
  'opened',
  'type',
  'product',
  'strategic',
  'deal.amount',
  'deal."Deal size"',
  'my.team',
  'my.tenure',
  'my.leaked',
  'my.constructor',
  'account.segment',
  'account.leaked',
  'account.__proto__',
  'revenue',
  '"new logos"',
  'amuont',
  'x'.repeat(200),
  ...outside,
];
const literals = [
  '0',
  '1',
  '0.5',
  '10%',
  '1/3',
  '4000 USD',
  '3 EUR',
  '5 XAU',
  '2025-03-31',
  '2025-02-30',
  '"New"',
  '""',
  '"line rates"',
  '"bounties"',
  'yes',
  'no',
  '9'.repeat(30),
  `0.${'9'.repeat(20)}`,
  '9'.repeat(31),
  '1e9',
  '0x10',
  '-0',
];
const functions = [
  'if',
  'min',
  'max',
  'abs',
  'days',
  'months',
  'blank',
  'lookup',
  'attainment',
  'sum',
  'score',
  'eval',
  'require',
  'import',
  ...outside,
];
const operators = ['+', '-', '*', '/', '=', '!=', '<', '<=', '>', '>=', 'and', 'or', 'in', '==', '&&', '^', '.'];
const marks = [
  '(',
  ')',
  '[',
  ']',
  ',',
  '"',
  '\\',
  '%',
  '@',
  '`',
  '${',
  '\u0000',
  '\u202e',
  '🙂',
  '\ud800',
  '\n',
  ';',
  '//',
  ...operators,
];

/** Expressions that the grammar generates, well typed or not. */
const grown = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 4, arbitrary: fc.constantFrom(...names) },
    { weight: 4, arbitrary: fc.constantFrom(...literals) },
    {
      weight: 3,
      arbitrary: fc.tuple(tie('value'), fc.constantFrom(...operators), tie('value')).map((parts) => parts.join(' ')),
    },
    { weight: 2, arbitrary: tie('value').map((value) => `(${value})`) },
    { weight: 1, arbitrary: tie('value').map((value) => `not ${value}`) },
    { weight: 1, arbitrary: tie('value').map((value) => `-${value}`) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(tie('value'), fc.array(tie('value'), { maxLength: 4 }))
        .map(([value, choices]) => `${value} in [${choices.join(', ')}]`),
    },
    {
      weight: 3,
      arbitrary: fc
        .tuple(fc.constantFrom(...functions), fc.array(tie('value'), { maxLength: 4 }))
        .map(([name, args]) => `${name}(${args.join(', ')})`),
    },
  ),
})).value;

/** Well-typed conditions and amounts, so that most of them are evaluated. */
const typed = fc.letrec<{ money: string; number: string; rate: string; condition: string }>((tie) => ({
  money: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('amount', 'cost', '5 EUR', '0.01 USD', 'sum(revenue)'),
    fc.tuple(tie('money'), fc.constantFrom('+', '-'), tie('money')).map((parts) => `(${parts.join(' ')})`),
    fc.tuple(tie('money'), fc.constantFrom('*', '/'), tie('number')).map((parts) => parts.join(' ')),
    fc.tuple(tie('condition'), tie('money'), tie('money')).map(([when, a, b]) => `if(${when}, ${a}, ${b})`),
    fc.tuple(fc.constantFrom('min', 'max'), tie('money'), tie('money')).map(([name, a, b]) => `${name}(${a}, ${b})`),
  ),
  number: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('quantity', 'deals', '7', 'my.tenure', 'days(opened, closed)', 'sum("new logos")', '9'.repeat(30)),
    fc.tuple(tie('number'), fc.constantFrom('+', '*', '/'), tie('number')).map((parts) => `(${parts.join(' ')})`),
  ),
  rate: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('10%', 'discount', 'attainment(revenue)', 'attainment(revenue, my.team)', 'score("Playbook")'),
    fc.tuple(tie('money'), tie('money')).map(([a, b]) => `(${a} / ${b})`),
    tie('rate').map((rate) => `lookup("line rates", line, ${rate})`),
  ),
  condition: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(
      'strategic',
      'type = "New"',
      'my.team = account.segment',
      'account.leaked = my.leaked',
      'account.constructor = "x"',
      'blank(amount)',
    ),
    fc.tuple(tie('money'), fc.constantFrom('<', '>=', '=', '!='), tie('money')).map((parts) => parts.join(' ')),
    fc.tuple(tie('rate'), fc.constantFrom('<', '>='), tie('rate')).map((parts) => parts.join(' ')),
    fc.tuple(tie('condition'), fc.constantFrom('and', 'or'), tie('condition')).map((parts) => `(${parts.join(' ')})`),
    tie('condition').map((condition) => `not (${condition})`),
  ),
}));

/** Expressions at the limits of length, depth and width, and slightly above. */
const filled = fc
  .tuple(
    fc.constantFrom(
      '(',
      '-',
      'not ',
      'abs(',
      'if(yes, ',
      '1 + ',
      'amuont + ',
      'quantity * ',
      'cost / ',
      '"',
      '[',
      'lookup("line rates", ',
      'min(1, ',
      'x in [',
    ),
    fc.integer({ min: 1, max: 800 }),
    fc.constantFrom('amount', '1', ')', ''),
  )
  .map(([part, times, last]) => part.repeat(times) + last);

/** A text in which some characters are removed, doubled, swapped or replaced. */
function mutated(texts: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const change = fc.tuple(
    fc.nat(),
    fc.nat(12),
    fc.oneof(fc.constantFrom('', ...marks, ...names, ...literals), fc.string({ maxLength: 8, unit: 'binary' })),
  );
  return fc.tuple(texts, fc.array(change, { minLength: 1, maxLength: 4 })).map(([text, changes]) =>
    changes.reduce((now, [at, length, put]) => {
      const from = now.length === 0 ? 0 : at % now.length;
      return now.slice(0, from) + put + now.slice(from + length);
    }, text),
  );
}

/** Valid expressions in the fields, measures and tables of the specs. */
export const right = fc.oneof(typed.money, typed.number, typed.rate, typed.condition);

export const hostileExpression: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: right },
  { weight: 4, arbitrary: grown },
  { weight: 4, arbitrary: mutated(fc.oneof(right, grown)) },
  { weight: 1, arbitrary: filled },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.constantFrom(...names, ...literals, ...functions, ...marks), { maxLength: 120 })
      .map((parts) => parts.join(' ')),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 400, unit: 'binary' }) },
);

/** Measures the processor time of each case, independent of the load of the machine, and keeps the slowest cases. */
export class Stopwatch {
  private readonly slowest: { readonly milliseconds: number; readonly text: string }[] = [];

  /** `used`: the processor time of this thread in milliseconds. */
  constructor(private readonly used: () => number) {}

  /**
   * Throws an Error if a case takes too long. The case is tried again first, because garbage of earlier cases may have
   * been collected meanwhile.
   */
  time<Value>(text: string, run: () => Value): Value {
    let least = Infinity;
    for (let attempt = 0; attempt < 6; attempt += 1) {
      const begun = this.used();
      const value = run();
      least = Math.min(least, this.used() - begun);
      if (least > MOST) continue;
      this.note(least, text);
      return value;
    }
    throw new Error(`${least.toFixed(1)} ms, at most ${MOST}: ${text.slice(0, 300)}`);
  }

  /** The slowest cases, as a report prints them. */
  toString(): string {
    return this.slowest
      .map(({ milliseconds, text }) => `${milliseconds.toFixed(2)} ms  ${JSON.stringify(text.slice(0, 100))}`)
      .join('\n');
  }

  private note(milliseconds: number, text: string): void {
    if (this.slowest.length === 3 && this.slowest[2]!.milliseconds >= milliseconds) return;
    this.slowest.push({ milliseconds, text });
    this.slowest.sort((a, b) => b.milliseconds - a.milliseconds);
    this.slowest.length = Math.min(3, this.slowest.length);
  }
}

/**
 * During a test every object has a property `leaked`. Code that reads it has looked a name up in another object than
 * the given one. Returns the places that read it, and a function that removes the property.
 */
export function leak(): { readonly read: string[]; end(): void } {
  const read: string[] = [];
  Object.defineProperty(Object.prototype, 'leaked', {
    configurable: true,
    get: () => void read.push(new Error('read').stack?.split('\n')[2] ?? ''),
    set(value: unknown) {
      Object.defineProperty(this, 'leaked', { value, configurable: true, enumerable: true, writable: true });
    },
  });
  return { read, end: () => void Reflect.deleteProperty(Object.prototype, 'leaked') };
}
