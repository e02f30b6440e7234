import { isCurrency } from '@attain/values';
import type { Ast, BinaryOperator, FieldOwner, SyntaxProblem } from './language.js';
import { problem, type Token, tokenize } from './tokens.js';

const deepest = 40;
const most = 400;
const owners: readonly string[] = ['deal', 'account', 'my'] satisfies FieldOwner[];
/** Bare words that are not names of fields. */
const words = new Set(['and', 'or', 'not', 'in', 'yes', 'no']);
const comparisons = new Set(['=', '!=', '<', '<=', '>', '>=']);

/** Parses an expression of at most 4,000 characters, 400 parts and 40 levels. Never throws. */
export function parseExpression(text: string): Ast | SyntaxProblem {
  try {
    return new Parser(tokenize(text)).whole();
  } catch (error) {
    if (isSyntaxProblem(error)) return error;
    throw error;
  }
}

export function isSyntaxProblem(value: unknown): value is SyntaxProblem {
  return typeof value === 'object' && value !== null && (value as { code?: unknown }).code === 'syntax';
}

class Parser {
  private index = 0;
  private depth = 0;
  private parts = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  whole(): Ast {
    if (this.tokens.length === 1) throw problem(0, 'expected an expression, found nothing');
    const ast = this.either();
    if (this.next.kind !== 'end')
      throw problem(this.next.from, `expected an operator or the end, found ${this.found()}${this.advice()}`);
    return ast;
  }

  private either(): Ast {
    return this.chain(
      () => this.both(),
      (token) => (isName(token, 'or') ? 'or' : undefined),
    );
  }

  private both(): Ast {
    return this.chain(
      () => this.negation(),
      (token) => (isName(token, 'and') ? 'and' : undefined),
    );
  }

  private negation(): Ast {
    if (!isName(this.next, 'not')) return this.comparison();
    const from = this.take().from;
    const operand = this.deeper(() => this.negation());
    return this.part({ kind: 'unary', operator: 'not', operand, from, to: operand.to });
  }

  private comparison(): Ast {
    const left = this.sum();
    if (isName(this.next, 'in')) return this.membership(left);
    const operator = this.comparator();
    if (operator === undefined) return left;
    this.take();
    const right = this.sum();
    const again = this.comparator();
    if (again !== undefined || isName(this.next, 'in'))
      throw problem(this.next.from, 'comparisons do not chain: join two of them by `and`');
    return this.part({ kind: 'binary', operator, left, right, from: left.from, to: right.to });
  }

  private membership(operand: Ast): Ast {
    this.take();
    this.expect('[', 'a list such as ["New", "Renewal"] after `in`');
    const choices: Ast[] = [];
    do choices.push(this.deeper(() => this.sum()));
    while (this.accept(','));
    const to = this.expect(']', '`,` or `]` in the list').to;
    return this.part({ kind: 'in', operand, choices, from: operand.from, to });
  }

  private sum(): Ast {
    return this.chain(
      () => this.product(),
      (token) => (isMark(token, '+') || isMark(token, '-') ? token.value : undefined),
    );
  }

  private product(): Ast {
    return this.chain(
      () => this.signed(),
      (token) => (isMark(token, '*') || isMark(token, '/') ? token.value : undefined),
    );
  }

  private chain(operand: () => Ast, operatorOf: (token: Token) => BinaryOperator | undefined): Ast {
    let left = operand();
    for (let operator = operatorOf(this.next); operator !== undefined; operator = operatorOf(this.next)) {
      this.take();
      const right = operand();
      left = this.part({ kind: 'binary', operator, left, right, from: left.from, to: right.to });
    }
    return left;
  }

  private signed(): Ast {
    if (!isMark(this.next, '-')) return this.value();
    const from = this.take().from;
    const operand = this.deeper(() => this.signed());
    return this.part({ kind: 'unary', operator: '-', operand, from, to: operand.to });
  }

  private value(): Ast {
    const token = this.next;
    const { from, to } = token;
    switch (token.kind) {
      case 'number':
        this.take();
        return this.money(token);
      case 'rate':
        this.take();
        return this.part({ kind: 'rate', value: token.value, from, to });
      case 'date':
      case 'text':
        this.take();
        return this.part({ kind: token.kind, value: token.value, from, to });
      case 'name':
        return this.named(token);
      case 'mark':
        if (token.value === '(') {
          this.take();
          const inside = this.deeper(() => this.either());
          this.expect(')', 'an operator or `)`');
          return inside;
        }
        break;
      case 'end':
    }
    throw problem(from, `expected a value, found ${this.found()}`);
  }

  private money(token: Token & { kind: 'number' | 'rate' }): Ast {
    const unit = this.next;
    if (unit.kind !== 'name' || words.has(unit.value))
      return this.part({ kind: 'number', value: token.value, from: token.from, to: token.to });
    if (!isCurrency(unit.value))
      throw problem(unit.from, `expected an operator or a currency after the number, found \`${unit.value}\``);
    this.take();
    return this.part({ kind: 'money', value: token.value, currency: unit.value, from: token.from, to: unit.to });
  }

  private named(token: Token & { kind: 'name' }): Ast {
    const { value, from, to } = token;
    if (value === 'yes' || value === 'no') {
      this.take();
      return this.part({ kind: 'yes/no', value: value === 'yes', from, to });
    }
    if (words.has(value)) throw problem(from, `expected a value, found \`${value}\``);
    this.take();
    if (this.accept('(')) return this.call(value, from);
    if (!this.accept('.')) return this.part({ kind: 'field', owner: null, name: value, from, to });
    if (!owners.includes(value)) throw problem(from, `expected deal, account or my before a \`.\`, found \`${value}\``);
    const field = this.take();
    if (field.kind !== 'name' && field.kind !== 'text')
      throw problem(field.from, `expected the name of a field after \`${value}.\``);
    return this.part({ kind: 'field', owner: value as FieldOwner, name: field.value, from, to: field.to });
  }

  private call(name: string, from: number): Ast {
    const args: Ast[] = [];
    if (!isMark(this.next, ')')) {
      do args.push(this.deeper(() => this.either()));
      while (this.accept(','));
    }
    const to = this.expect(')', `\`,\` or \`)\` after a value of ${name}()`).to;
    return this.part({ kind: 'call', name, args, from, to });
  }

  private comparator(): BinaryOperator | undefined {
    const token = this.next;
    return token.kind === 'mark' && comparisons.has(token.value) ? (token.value as BinaryOperator) : undefined;
  }

  private part(ast: Ast): Ast {
    this.parts += 1;
    if (this.parts > most) throw problem(ast.from, `an expression has at most ${most} parts`);
    return ast;
  }

  private deeper(read: () => Ast): Ast {
    this.depth += 1;
    if (this.depth > deepest) throw problem(this.next.from, `nested more than ${deepest} deep`);
    const ast = read();
    this.depth -= 1;
    return ast;
  }

  private get next(): Token {
    return this.tokens[this.index]!;
  }

  private take(): Token {
    const token = this.next;
    if (token.kind !== 'end') this.index += 1;
    return token;
  }

  private accept(mark: string): boolean {
    if (!isMark(this.next, mark)) return false;
    this.take();
    return true;
  }

  private expect(mark: string, what: string): Token {
    if (!isMark(this.next, mark)) throw problem(this.next.from, `expected ${what}, found ${this.found()}`);
    return this.take();
  }

  private found(): string {
    const token = this.next;
    if (token.kind === 'end') return 'the end';
    return token.kind === 'number' || token.kind === 'rate' ? `\`${token.value.toString()}\`` : `\`${token.value}\``;
  }

  private advice(): string {
    const [before, token] = [this.tokens[this.index - 1], this.next];
    if (isMark(token, ',') && before?.kind === 'number')
      return ' (numbers are written 1234.56, without marks of thousands)';
    if (isName(token, 'not')) return ' (write `not x in […]`)';
    if (before?.kind === 'name' && token.kind === 'name')
      return ' (a field whose name holds spaces is written deal."its name", a text "in quotation marks")';
    return '';
  }
}

function isMark<Value extends string>(token: Token, value: Value): token is Token & { kind: 'mark'; value: Value } {
  return token.kind === 'mark' && token.value === value;
}

function isName(token: Token, value: string): boolean {
  return token.kind === 'name' && token.value === value;
}
