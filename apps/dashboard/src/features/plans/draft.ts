import { checkPlan, diffPlanDraft, drawPlanCurve, getCompany, getPlanSchema, type PlanCheck } from '@attain/client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf } from '../../api/client.js';
import { useCaller } from '../../api/session.js';
import type { Schema } from './completion.js';

/** What a person has typed is kept in the tab until it is published, also over a reload and a new sign-in. */
export function useKeptText(name: string, original: string) {
  const { actor } = useCaller();
  const key = `attain plan ${actor} ${name}`;
  const [text, setText] = useState(() => sessionStorage.getItem(key) ?? original);
  return {
    text,
    isKept: text !== original,
    change(changed: string): void {
      setText(changed);
      if (changed === original) sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, changed);
    },
    forget: () => sessionStorage.removeItem(key),
  };
}

export function useSchema(): Schema | undefined {
  const { data } = useQuery({
    queryKey: ['plan-schema'],
    staleTime: Infinity,
    queryFn: async () => (await answerOf(getPlanSchema())).schema as Schema,
  });
  return data;
}

/** The names that a plan takes from the company, by the key that takes them. */
export function useCompanyNames(): Record<string, readonly string[]> {
  const { data } = useQuery({
    queryKey: ['company-names'],
    staleTime: 60_000,
    queryFn: async () => Object.keys((await answerOf(getCompany())).measures ?? {}),
  });
  return { measure: data ?? [], by: data ?? [] };
}

/** The answer to a text, while the next one is computed the one before. */
export function useCheck(text: string) {
  return useQuery({
    queryKey: ['plan-check', text],
    placeholderData: keepPreviousData,
    enabled: text.trim() !== '',
    queryFn: () => answerOf(checkPlan({ body: { text } })),
  });
}

export function useDraftDiff(text: string, isValid: boolean) {
  return useQuery({
    queryKey: ['plan-draft-diff', text],
    placeholderData: keepPreviousData,
    enabled: isValid,
    queryFn: () => answerOf(diffPlanDraft({ body: { text } })),
  });
}

export function useCurve(text: string, asked: { component?: string; quota?: string }, isValid: boolean) {
  return useQuery({
    queryKey: ['plan-curve', text, asked],
    placeholderData: keepPreviousData,
    enabled: isValid,
    queryFn: async () => (await answerOf(drawPlanCurve({ body: { text, ...asked } }))).curve,
  });
}

/** The lines at which a document cannot be published, with the reason. */
export function blocksOf({
  problems,
  examples,
}: PlanCheck): { line: number; column: number | null; message: string }[] {
  return [
    ...problems.map(({ line, column, path, message }) => ({
      line: line ?? 1,
      column,
      message: path.length === 0 ? message : `${path.join('.')}: ${message}`,
    })),
    ...examples.flatMap(({ name, line, failures }) =>
      failures.map((failure) => ({
        line: failure.line ?? line ?? 1,
        column: null,
        message: `${name}: ${failure.expected} ≠ ${failure.actual}`,
      })),
    ),
  ];
}
