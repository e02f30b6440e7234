import type { Session } from '@attain/client';
import { useLingui } from '@lingui/react/macro';
import { mayAny, type Role } from '../api/session.js';

export interface Place {
  to: string;
  title: string;
  /** `g` and this letter go there. */
  key: string;
}

interface Screen extends Place {
  roles: readonly Role[];
  own?: boolean;
}

/** What a role sees, its home first; nothing leads to a screen whose questions the server would refuse. */
export function usePlaces(session: Session): readonly Place[] {
  const screens = useScreens();
  const seen = screens.filter((screen) => isFor(session, screen));
  const home = homes.find(({ role }) => session.roles.includes(role))?.to;
  return seen.toSorted((a, b) => Number(b.to === home) - Number(a.to === home));
}

/** Whether an address leads to a screen of other roles, to which the server would refuse every answer. */
export function useIsWithheld(session: Session, path: string): boolean {
  const screens = useScreens();
  const [, first = ''] = path.split('/');
  const screen = screens.find(({ to }) => to === (first === 'deals' ? '/pipeline' : `/${first}`));
  return screen !== undefined && !isFor(session, screen);
}

/** A manager who is paid too has an own statement, but is at home with the team. */
function isFor(session: Session, { roles, own }: Screen): boolean {
  return own === true ? session.participant !== null && mayAny(session, ['rep', 'manager']) : mayAny(session, roles);
}

function useScreens(): readonly Screen[] {
  const { t } = useLingui();
  return [
    { to: '/my-pay', title: t`My pay`, key: 'm', roles: ['rep'], own: true },
    { to: '/team', title: t`Team`, key: 't', roles: ['manager', 'reports', 'finance', 'auditor'] },
    { to: '/close', title: t`Close`, key: 'c', roles: ['finance', 'approver'] },
    { to: '/audit', title: t`Audit`, key: 'a', roles: ['auditor'] },
    { to: '/plans', title: t`Plans`, key: 'p', roles: ['plan-author', 'approver', 'finance', 'auditor'] },
    { to: '/admin', title: t`Admin`, key: 'd', roles: ['admin'] },
    { to: '/statements', title: t`Statements`, key: 's', roles: ['rep', 'manager', 'finance', 'auditor'] },
    { to: '/what-if', title: t`What if`, key: 'w', roles: ['rep', 'manager', 'finance'] },
    { to: '/pipeline', title: t`Pipeline`, key: 'i', roles: ['rep', 'manager', 'finance', 'auditor'] },
    { to: '/forecast', title: t`Forecast`, key: 'f', roles: ['rep', 'manager', 'finance', 'auditor', 'reports'] },
    { to: '/sales', title: t`Sales`, key: 'l', roles: ['manager', 'finance', 'auditor', 'reports'] },
    { to: '/leaderboard', title: t`Leaderboard`, key: 'b', roles: ['rep', 'manager', 'finance', 'auditor', 'reports'] },
    { to: '/data', title: t`Data`, key: 'x', roles: ['finance', 'auditor', 'integration'] },
    { to: '/set-up', title: t`Set-up`, key: 'u', roles: ['finance', 'admin'] },
  ];
}

/** Where a role begins; who has several begins with the first of these. */
const homes: readonly { role: Role; to: string }[] = [
  { role: 'finance', to: '/close' },
  { role: 'manager', to: '/team' },
  { role: 'rep', to: '/my-pay' },
  { role: 'approver', to: '/close' },
  { role: 'plan-author', to: '/plans' },
  { role: 'auditor', to: '/audit' },
  { role: 'reports', to: '/team' },
  { role: 'integration', to: '/data' },
  { role: 'admin', to: '/admin' },
];
