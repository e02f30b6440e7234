import type { FieldType } from '@attain/contracts';
import type { Exact, LocalDate } from '@attain/values';

/** The types of expressions: `rate` is a share or a ratio, `yes/no` a condition. */
export type ValueType = FieldType;

/** Money, numbers and rates are exact; dates and texts are strings. Undefined (null in evaluation) is not a value. */
export type Value = Exact | string | boolean;

export type UnaryOperator = '-' | 'not';
export type BinaryOperator = '+' | '-' | '*' | '/' | '=' | '!=' | '<' | '<=' | '>' | '>=' | 'and' | 'or';

/** The place of a part of an expression, in characters from its beginning. */
export interface Place {
  readonly from: number;
  readonly to: number;
}

/** The owner of a field: the record itself, its account, or the participant (`my.team`). */
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

/** A syntax error and its place: `at` counts characters from 0. */
export interface SyntaxProblem {
  readonly code: 'syntax';
  readonly message: string;
  readonly at: number;
}

/**
 * A rate table (tables/*.csv): `columns` in order; `from` and `to` limit a row in time; the last column is the result.
 */
export interface TableDefinition {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The names that an expression may use. */
export interface Environment {
  /** Fields of the record, by bare name or `deal.name`: the standard fields and the company's own. */
  readonly deal: ReadonlyMap<string, ValueType>;
  /** Fields of the record's account; unlisted names are texts if `anyAccountField`. */
  readonly account: ReadonlyMap<string, ValueType>;
  readonly anyAccountField?: boolean;
  /** Fields of the participant; `my.tenure` is a number of months; unlisted names are texts if `anyOwnField`. */
  readonly my: ReadonlyMap<string, ValueType>;
  readonly anyOwnField?: boolean;
  readonly tables: ReadonlyMap<string, TableDefinition>;
  /** Measures by name, each with its type; for attainment() and sum(). */
  readonly measures: ReadonlyMap<string, ValueType>;
  /** In a measure, a blank money, number or rate field counts as 0. */
  readonly blankIsZero?: boolean;
}

/** A field that an expression reads. */
export interface FieldReference {
  readonly owner: FieldOwner;
  readonly name: string;
  readonly type: ValueType;
  /** True if written `deal.name`: the field of the deal itself, if the record is an item or an invoice of a deal. */
  readonly named?: true;
}

/** The access of a compiled expression to the facts; `Scope` is the engine's type for a record and a participant. */
export interface Binding<Scope> {
  /**
   * Called once for each field when an expression is compiled; the reader is called once for each evaluation. Money is
   * in major units of the record's currency; null is blank, but a blank text is the empty string.
   */
  field(field: FieldReference): (scope: Scope) => Value | null;
  /**
   * Converts an amount to the currency of the record or of the plan at the rate of the credit date; null without a
   * rate.
   */
  convert?(scope: Scope, amount: Exact, from: string, to: 'record' | 'plan'): Exact | null;
  /** The credit date, on which a row of a table must be in force. */
  date?(scope: Scope): LocalDate;
  /**
   * The attainment of a measure in the window so far, of the participant or of the group that a field of theirs names.
   */
  attainment?(measure: string, among: ((scope: Scope) => Value | null) | null): (scope: Scope) => Exact | null;
  /** The sum of a measure in the window so far; money is in the plan's currency. */
  sum?(measure: string): (scope: Scope) => Exact | null;
  /** The number of credited records in the window. */
  deals?(scope: Scope): Exact | null;
  /** The score of an objective in the window. */
  score?(objective: (scope: Scope) => Value | null): (scope: Scope) => Exact | null;
}

/** The result of checking an expression. */
export interface Checked {
  readonly type: ValueType;
  /**
   * For money, the currency of all its parts: a code, `record` for the record's, or `plan` for the plan's. Null for
   * other types.
   */
  readonly currency: string | null;
  /** True for a literal number without a unit, which takes the unit of its place. */
  readonly plain: boolean;
  /** The window functions that it calls (attainment, sum, score, deals), with their places. */
  readonly windowed: readonly { readonly name: string; readonly from: number }[];
}
