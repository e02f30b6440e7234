import type { Type } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { getMetadataStorage } from 'class-validator';
import { z } from 'zod';
import type { StatedAnswers } from '../answers/answers.js';
import { type Column, columnsOf } from './columns.rules.js';
import { PAGED, type PagedColumns } from './model-page.js';
import type { Askable } from './question.js';

const known = new WeakMap<object, Askable | null>();

/** The columns and parameters of a table, from the schema of its answer; undefined if the operation has no table. */
export function askableOf(handler: object, controller: object, stated: StatedAnswers): Askable | undefined {
  const found = known.get(handler);
  if (found !== undefined) return found ?? undefined;
  const answer = stated.answers instanceof z.ZodType ? stated.answers : stated.answers[200];
  const columns = answer && stated.media === undefined ? columnsOf(answer) : undefined;
  const askable = columns && made(handler as (...args: never[]) => unknown, controller as Type, columns);
  known.set(handler, askable ?? null);
  return askable;
}

/** The list that a file of an answer without `rows` contains, with its columns. */
export interface AnsweredList {
  readonly name: string;
  readonly columns: readonly Column[];
}

export function listOf({ answers, list }: StatedAnswers): AnsweredList | undefined {
  const answer = answers instanceof z.ZodType ? answers : answers[200];
  if (list === undefined || answer === undefined) return undefined;
  const columns = columnsOf(answer, list);
  if (columns === undefined) throw new Error(`the answer has no list ${list} of objects`);
  return { name: list, columns };
}

function made(handler: (...args: never[]) => unknown, controller: Type, columns: readonly Column[]): Askable {
  const own = new Set(parametersOf(controller, handler.name));
  const paged = Reflect.getMetadata(PAGED, handler) as PagedColumns | undefined;
  const comparable = columns.filter(({ name, type }) => (paged ? name in paged.compared : type !== 'other'));
  const sortable = paged ? columns.filter(({ name }) => name in paged.compared || name in paged.sorted) : comparable;
  return { columns, comparable, sortable, own };
}

/** The names of the operation's own query parameters. */
function parametersOf(controller: Type, method: string): string[] {
  const prototype = controller.prototype as object;
  const types = (Reflect.getMetadata('design:paramtypes', prototype, method) ?? []) as (Type | undefined)[];
  const places = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, method) ?? {}) as Readonly<
    Record<string, { index: number; data?: string }>
  >;
  return Object.entries(places).flatMap(([key, { index, data }]) => {
    if (Number(key.split(':')[0]) !== RouteParamtypes.QUERY) return [];
    const type = types[index];
    if (data !== undefined || type === undefined) return data === undefined ? [] : [data];
    const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', true, false);
    return [...new Set(rules.map(({ propertyName }) => propertyName))];
  });
}
