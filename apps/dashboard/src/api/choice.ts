import { useNavigate, useSearch } from '@tanstack/react-router';
import type { Address } from './cut.js';

/** A choice of a screen, in the address, so that a link, a reload and Back restore it. */
export function useChoice<T extends string>(
  key: 'by' | 'kind' | 'status',
  values: readonly T[],
  first: T,
): [T, (value: T) => void] {
  const { [key]: asked } = useSearch({ strict: false }) as Address;
  const navigate = useNavigate();
  const choose = (value: T): void => {
    void navigate({ to: '.', search: (before: Address) => ({ ...before, [key]: value }) });
  };
  return [values.find((value) => value === asked) ?? first, choose];
}
