import { Trans } from '@lingui/react/macro';
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Navigate,
  retainSearchParams,
} from '@tanstack/react-router';
import type { Address } from '../api/cut.js';
import { useIsEmpty } from '../api/company.js';
import { mayAny, useCaller } from '../api/session.js';
import { Empty } from '../screen/answer.js';
import { Frame } from './frame.js';
import { usePlaces } from './navigation.js';

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;

const root = createRootRoute({
  component: Frame,
  validateSearch: (search: Record<string, unknown>): Address => ({
    asOf: textOf(search.asOf),
    effective: textOf(search.effective),
    period: textOf(search.period),
    by: textOf(search.by),
    kind: textOf(search.kind),
    status: textOf(search.status),
  }),
  search: { middlewares: [retainSearchParams(['asOf', 'effective'])] },
  notFoundComponent: () => (
    <Empty>
      <Trans>There is no such screen. Choose one on the left.</Trans>
    </Empty>
  ),
});

/** The first place of the role; who can set an empty company up begins there. */
function Home() {
  const session = useCaller();
  const [first] = usePlaces(session);
  const isEmpty = useIsEmpty(mayAny(session, ['finance', 'admin']));
  if (isEmpty === undefined) return null;
  if (isEmpty) return <Navigate to="/set-up" />;
  if (first === undefined) {
    return (
      <Empty>
        <Trans>Your role has no screen here. An administrator can give you another.</Trans>
      </Empty>
    );
  }
  return <Navigate to={first.to} />;
}

const home = createRoute({ getParentRoute: () => root, path: '/', component: Home });
const myPay = createRoute({
  getParentRoute: () => root,
  path: '/my-pay',
  component: lazyRouteComponent(() => import('../features/my-pay/my-pay.page.js'), 'MyPayPage'),
});
const whatIf = createRoute({
  getParentRoute: () => root,
  path: '/what-if',
  component: lazyRouteComponent(() => import('../features/what-if/what-if.page.js'), 'WhatIfPage'),
});
const statements = createRoute({
  getParentRoute: () => root,
  path: '/statements',
  component: lazyRouteComponent(() => import('../features/statements/statements.page.js'), 'StatementsPage'),
});
const statement = createRoute({
  getParentRoute: () => root,
  path: '/statements/$period/$participant',
  component: lazyRouteComponent(() => import('../features/statements/statement.page.js'), 'StatementPage'),
});
const team = createRoute({
  getParentRoute: () => root,
  path: '/team',
  component: lazyRouteComponent(() => import('../features/team/team.page.js'), 'TeamPage'),
});
const pipeline = createRoute({
  getParentRoute: () => root,
  path: '/pipeline',
  component: lazyRouteComponent(() => import('../features/pipeline/pipeline.page.js'), 'PipelinePage'),
});
const deal = createRoute({
  getParentRoute: () => root,
  path: '/deals/$source/$id',
  component: lazyRouteComponent(() => import('../features/pipeline/deal.page.js'), 'DealPage'),
});
const forecast = createRoute({
  getParentRoute: () => root,
  path: '/forecast',
  component: lazyRouteComponent(() => import('../features/forecast/forecast.page.js'), 'ForecastPage'),
});
const sales = createRoute({
  getParentRoute: () => root,
  path: '/sales',
  component: lazyRouteComponent(() => import('../features/sales/sales.page.js'), 'SalesPage'),
});
const leaderboard = createRoute({
  getParentRoute: () => root,
  path: '/leaderboard',
  component: lazyRouteComponent(() => import('../features/leaderboard/leaderboard.page.js'), 'LeaderboardPage'),
});
const close = createRoute({
  getParentRoute: () => root,
  path: '/close',
  component: lazyRouteComponent(() => import('../features/close/close.page.js'), 'ClosePage'),
});
const audit = createRoute({
  getParentRoute: () => root,
  path: '/audit',
  component: lazyRouteComponent(() => import('../features/audit/audit.page.js'), 'AuditPage'),
});
const data = createRoute({
  getParentRoute: () => root,
  path: '/data',
  component: lazyRouteComponent(() => import('../features/data/data.page.js'), 'DataPage'),
});
const setUp = createRoute({
  getParentRoute: () => root,
  path: '/set-up',
  component: lazyRouteComponent(() => import('../features/setup/set-up.page.js'), 'SetUpPage'),
});
const plans = createRoute({
  getParentRoute: () => root,
  path: '/plans',
  component: lazyRouteComponent(() => import('../features/plans/plans.page.js'), 'PlansPage'),
});
const plan = createRoute({
  getParentRoute: () => root,
  path: '/plans/$plan/$version',
  component: lazyRouteComponent(() => import('../features/plans/plan.page.js'), 'PlanPage'),
});
const editPlan = createRoute({
  getParentRoute: () => root,
  path: '/plans/edit',
  validateSearch: (search: Record<string, unknown>): { plan?: string; version?: string; template?: string } => {
    const [plan, version, template] = [textOf(search.plan), textOf(search.version), textOf(search.template)];
    return { ...(plan && { plan }), ...(version && { version }), ...(template && { template }) };
  },
  component: lazyRouteComponent(() => import('../features/plans/edit.page.js'), 'EditPlanPage'),
});
const admin = createRoute({
  getParentRoute: () => root,
  path: '/admin',
  component: lazyRouteComponent(() => import('../features/admin/admin.page.js'), 'AdminPage'),
});

const routes = [
  home,
  myPay,
  whatIf,
  statements,
  statement,
  team,
  pipeline,
  deal,
  forecast,
  sales,
  leaderboard,
  close,
  audit,
  data,
  plans,
  plan,
  editPlan,
  setUp,
  admin,
];

export const router = createRouter({ routeTree: root.addChildren(routes), basepath: '/app', defaultPreload: 'intent' });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
