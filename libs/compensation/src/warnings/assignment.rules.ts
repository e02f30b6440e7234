import { nearest, type Warning } from '@attain/contracts';
import { dayAfter, dayBefore } from '@attain/values';
import { OPEN, sees } from '../facts/view.js';
import type { CreditRules } from '../plans/credit-rules.js';
import type { PlanInForce } from '../plans/world.js';
import { NOTHING_COUNTED } from '../plans/measures.js';
import type { World } from '../plans/world.js';
import { aboutPlan, planName, type Published, published } from './published.js';
import { overlap, type Presence, presences, warning } from './warning.js';
import { counted, listed, quoted } from './words.js';

const kinds = [
  { key: 'roles', noun: 'role', of: ({ row }: Presence) => row.role },
  { key: 'teams', noun: 'team', of: ({ row }: Presence) => row.team },
  { key: 'people', noun: 'person', of: ({ person }: Presence) => person },
] as const;

/** Roles, teams and people that a plan names and nobody has. */
export function unassigned(world: World): Warning[] {
  const all = presences(world);
  return published(world).flatMap(({ inForce, document }) => {
    const anybody = all.some(
      (presence) => overlap(presence, inForce) && inForce.version.names(presence.person, presence.row),
    );
    const found = kinds.flatMap((kind) =>
      (document.assignedTo[kind.key] ?? []).flatMap((name, index) => {
        const having = all.filter((presence) => kind.of(presence) === name);
        if (having.some((presence) => overlap(presence, inForce))) return [];
        const path = ['assignedTo', kind.key, index];
        const effect = anybody ? '' : `; the plan ${planName(inForce)} pays nobody`;
        return [
          warning(
            'PLAN_UNASSIGNED',
            aboutPlan(inForce, path),
            `${lack(name, kind, having, all, inForce)}${effect}`,
            null,
          ),
        ];
      }),
    );
    if (anybody || found.length > 0) return found;
    return [
      warning(
        'PLAN_UNASSIGNED',
        aboutPlan(inForce, ['assignedTo']),
        `the plan ${planName(inForce)} names nobody, because \`except\` or its days leave nobody: it pays nobody`,
        null,
      ),
    ];
  });
}

function lack(
  name: string,
  kind: (typeof kinds)[number],
  having: readonly Presence[],
  all: readonly Presence[],
  { from, to }: PlanInForce,
): string {
  const nobody =
    kind.key === 'people' ? `there is no person ${quoted(name)}` : `nobody has the ${kind.noun} ${quoted(name)}`;
  if (having.length > 0) return `${nobody} between ${from} and ${to === OPEN ? 'today' : to}, the days of the version`;
  const elsewhere = kinds.find((other) => other !== kind && all.some((presence) => other.of(presence) === name));
  if (elsewhere) return `${nobody}, but it is a ${elsewhere.noun}: name it under \`${elsewhere.key}\``;
  const known = new Set(all.map((presence) => kind.of(presence)).filter((one) => one !== null));
  const near = nearest(name, known);
  if (near !== undefined) {
    const people = new Set(all.filter((presence) => kind.of(presence) === near).map(({ person }) => person)).size;
    return `${nobody} (did you mean ${quoted(near)}${kind.key === 'people' ? '' : `, which ${counted(people, 'person has', 'people have')}`}?)`;
  }
  return known.size > 0 && known.size <= 12 ? `${nobody} (known here: ${[...known].join(', ')})` : nobody;
}

/** Pairs of plans that pay somebody the same credit twice. */
export function overlapping(world: World): Warning[] {
  const plans = published(world);
  const named = plans.map(({ inForce }) =>
    presences(world).filter(
      (presence) => overlap(presence, inForce) && inForce.version.names(presence.person, presence.row),
    ),
  );
  const pairs = new Map<string, Warning>();
  plans.forEach((one, i) => {
    for (let j = i + 1; j < plans.length; j += 1) {
      const other = plans[j]!;
      if (one.life === other.life || !overlap(one.inForce, other.inForce)) continue;
      const measure = paidTwice(one, other);
      if (measure === undefined) continue;
      const days = { from: later(one.inForce.from, other.inForce.from), to: earlier(one.inForce.to, other.inForce.to) };
      const both = new Set(named[j]);
      const people = [
        ...new Set(
          named[i]!.filter((presence) => both.has(presence) && overlap(presence, days)).map(({ person }) => person),
        ),
      ];
      const key = `${one.life.plan}\u0000${other.life.plan}`;
      if (people.length === 0 || pairs.has(key)) continue;
      const who = `${listed(people)} ${people.length === 1 ? 'is' : 'are'}`;
      const what = `${who} in the plans ${planName(one.inForce)} and ${planName(other.inForce)} at the same time from ${days.from} on: both pay ${measure} of the same credit, so it is paid twice`;
      pairs.set(
        key,
        warning(
          'PLANS_OVERLAP',
          aboutPlan(other.inForce, ['assignedTo']),
          `${what}; end one of the plans, or leave the people out by \`except\``,
          people,
        ),
      );
    }
  });
  return [...pairs.values()];
}

/** The measure of two components that pay for the same records; undefined where there is none. */
function paidTwice(one: Published, other: Published): string | undefined {
  for (const [a, first] of one.inForce.version.components.entries()) {
    for (const [b, second] of other.inForce.version.components.entries()) {
      const conditions = [one.document.components[a]?.where, other.document.components[b]?.where];
      // A contest, or a bonus for the whole window, beside a commission pays nothing twice.
      if (
        first.measure === NOTHING_COUNTED ||
        first.contest !== null ||
        second.contest !== null ||
        (first.target === null) !== (second.target === null)
      )
        continue;
      if (first.measure.key !== second.measure.key || conditions[0] !== conditions[1]) continue;
      if (creditsMeet(first.credit, second.credit)) return first.measureName;
    }
  }
  return undefined;
}

function creditsMeet(a: CreditRules, b: CreditRules): boolean {
  const kind = (['sales', 'overlay', 'reports', 'all'] as const).some((rule) => a[rule] && b[rule]);
  return kind || a.key === b.key || a.through.some((relation) => b.through.includes(relation));
}

/** Days between two versions on which none is in force, and versions that are never in force. */
export function gaps(world: World): Warning[] {
  const found: Warning[] = [];
  for (const { versions } of world.plans()) {
    versions.forEach((next, index) => {
      const last = versions[index - 1];
      if (last === undefined || dayAfter(last.to) === next.from) return;
      const days = `from ${dayAfter(last.to)} to ${dayBefore(next.from)}`;
      found.push(
        warning(
          'PLAN_GAP',
          aboutPlan(next, ['effective', 'from']),
          `no version of the plan ${next.version.plan} holds ${days}: version ${last.version.version} ends on ${last.to} and version ${next.version.version} begins on ${next.from}`,
          null,
        ),
      );
    });
  }
  for (const [plan, entries] of world.facts.plans) {
    const standing = new Set<string>();
    for (const { at, fact } of entries) {
      if (!sees(world.view, at)) continue;
      if (fact.type === 'PlanRetracted') standing.delete(fact.data.version);
      else standing.add(fact.data.version);
    }
    const held = new Set(
      world
        .plans()
        .filter((life) => life.plan === plan)
        .flatMap(({ versions }) => versions.map(({ version }) => version.version)),
    );
    for (const version of standing) {
      if (held.has(version)) continue;
      found.push(
        warning(
          'PLAN_VERSION_UNUSED',
          { kind: 'plan', plan, version, path: ['effective', 'from'] },
          `version ${version} of the plan ${plan} holds on no day, because another version begins on the same day or its days end before they begin`,
          null,
        ),
      );
    }
  }
  return found;
}

const later = (a: string, b: string) => (a > b ? a : b);
const earlier = (a: string, b: string) => (a < b ? a : b);

/** People whose manager is not there while their row holds. */
export function absentManagers(world: World): Warning[] {
  const missing = presences(world).filter(({ row, to }) => {
    const last = row.manager === null ? undefined : world.rows(row.manager).at(-1);
    return row.manager !== null && (last === undefined || (last.to ?? OPEN) < to);
  });
  return [...Map.groupBy(missing, ({ row }) => row.manager!)].map(([manager, of]) => {
    const last = world.rows(manager).at(-1);
    const people = [...new Set(of.map(({ person }) => person))];
    const why = last === undefined ? 'whom the company does not know' : `whose last row ends on ${last.to}`;
    const message = `${listed(people)} ${people.length === 1 ? 'reports' : 'report'} to ${manager}, ${why}: nobody is credited with their sales as \`reports\`; give them another manager`;
    return warning('MANAGER_ABSENT', { kind: 'person', person: people[0]!, from: of[0]!.from }, message, [
      manager,
      ...people,
    ]);
  });
}
