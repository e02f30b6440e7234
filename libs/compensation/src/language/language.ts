import type { FieldType } from '@attain/contracts';
import type { Exact, LocalDate } from '@attain/values';

/** What an expression can be: `rate` is a share or a ratio, `yes/no` a condition. */
export type ValueType = FieldType;

/** Money, numbers and rates are exact, dates and texts are text. Undefined (null in evaluation) is no value. */
export type Value = Exact | string | boolean;

export type UnaryOperator = '-' | 'not';
export type BinaryOperator = '+' | '-' | '*' | '/' | '=' | '!=' | '<' | '<=' | '>' | '>=' | 'and' | 'or';

/** Where a part of an expression stands: characters from its beginning. */
export interface Place {
  readonly from: number;
  readonly to: number;
}

/** What a field is of: the record itself, its account, or the participant (`my.team`). */
export type FieldOwner = 'deal' | 'account' | 'my';

export type Ast = Place &
  (
    | { readonly kind: 'number'; readonly value: Exact }
    | { readonly kind: 'rate'; readonly value: Exact }
    | { readonly kind: 'money'; readonly value: Exact; readonly currency: string }
    | { readonly kind: 'date'; readonly value: LocalDate }
    | { readonly kind: 'text'; readonly value: string }
    | { readonly kind: 'yes/no'; readonly value: boolean }
    | { readonly kind: 'field'; readonly owner: FieldOwner | null; readonly name: string }
    | { readonly kind: 'unary'; readonly operator: UnaryOperator; readonly operand: Ast }
    | { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Ast; readonly right: Ast }
    | { readonly kind: 'in'; readonly operand: Ast; readonly choices: readonly Ast[] }
    | { readonly kind: 'call'; readonly name: string; readonly args: readonly Ast[] }
  );

/** What cannot be read, and where: `at` counts characters from 0. */
export interface SyntaxProblem {
  readonly code: 'syntax';
  readonly message: string;
  readonly at: number;
}

/** A rate table (tables/*.csv): `columns` in order, `from` and `to` limit a row in time, the last column answers. */
export interface TableDefinition {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The names that an expression may use. */
export interface Environment {
  /** Of the record, by bare name or `deal.name`: the standard fields and the company's own. */
  readonly deal: ReadonlyMap<string, ValueType>;
  /** Of the record's account; names that are not listed are texts when `anyAccountField`. */
  readonly account: ReadonlyMap<string, ValueType>;
  readonly anyAccountField?: boolean;
  /** Of the participant, `my.tenure` is a number of months; names that are not listed are texts when `anyOwnField`. */
  readonly my: ReadonlyMap<string, ValueType>;
  readonly anyOwnField?: boolean;
  readonly tables: ReadonlyMap<string, TableDefinition>;
  /** Measures by name, each with what it counts; for attainment() and sum(). */
  readonly measures: ReadonlyMap<string, ValueType>;
  /** In a measure a blank money, number or rate of a record counts as 0. */
  readonly blankIsZero?: boolean;
}

/** A field that an expression reads. */
export interface FieldReference {
  readonly owner: FieldOwner;
  readonly name: string;
  readonly type: ValueType;
  /** Set where it is written `deal.name`: of the deal itself, where the record is an item or an invoice of one. */
  readonly named?: true;
}

/** How a compiled expression reaches the facts; `Scope` is whatever the engine passes for a record and a participant. */
export interface Binding<Scope> {
  /**
   * Called once for each field when an expression is compiled; the reader once for each evaluation. Money is in the
   * record's currency, major units; null is blank, but a blank text is the empty text.
   */
  field(field: FieldReference): (scope: Scope) => Value | null;
  /** An amount of a currency, or of the plan's, in that of the record or of the plan, at the rate of the credit date; null without a rate. */
  convert?(scope: Scope, amount: Exact, from: string, to: 'record' | 'plan'): Exact | null;
  /** The credit date, on which a row of a table must hold. */
  date?(scope: Scope): LocalDate;
  /** Attainment of a measure in the window so far, of the participant or of what a field of theirs names. */
  attainment?(measure: string, among: ((scope: Scope) => Value | null) | null): (scope: Scope) => Exact | null;
  /** What a measure sums to in the window so far, money in the plan's currency. */
  sum?(measure: string): (scope: Scope) => Exact | null;
  /** How many records are credited in the window. */
  deals?(scope: Scope): Exact | null;
  /** The score of an objective in the window. */
  score?(objective: (scope: Scope) => Value | null): (scope: Scope) => Exact | null;
}

/** What the check of an expression found out. */
export interface Checked {
  readonly type: ValueType;
  /** Of money: the currency that all its parts are written in, `record`: that of the record, or `plan`: the plan's. Null for other types. */
  readonly currency: string | null;
  /** Set where the expression is a literal number without a unit, which takes the unit of its place. */
  readonly plain: boolean;
  /** The window functions that it asks (attainment, sum, score, deals), with their places. */
  readonly windowed: readonly { readonly name: string; readonly from: number }[];
}
