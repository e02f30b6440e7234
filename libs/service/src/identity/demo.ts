import type { Caller } from './caller.js';

export const DEMO = Symbol('DEMO');
export const demoRoles = ['rep', 'manager', 'finance', 'auditor'] as const;
export type DemoRole = (typeof demoRoles)[number];

/** The participants as whom the one-click sign-in signs visitors in. */
export interface Demo {
  company: string;
  rep: { participant: string; name: string };
  manager: { participant: string; name: string };
}

export function demoCaller(demo: Demo, as: DemoRole): Caller {
  if (as === 'rep' || as === 'manager') return { actor: `demo:${as}`, roles: [as], ...demo[as] };
  return { actor: `demo:${as}`, roles: [as], name: as === 'finance' ? 'Finance' : 'Auditor' };
}
