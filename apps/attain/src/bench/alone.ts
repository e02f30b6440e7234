import { createHistory } from '@attain/compensation';
import { type Kind, kinds, measures } from './kinds.js';
import { goal, type Measured, median, once, perSecond } from './report.js';
import { selling, recorder } from './sold.js';

const DEALS = 50_000;
const REPS = 100;
const GOAL = 2_000_000;
/** Runs of one kind: their number, and milliseconds after which no other one begins. */
const [FEWEST, MOST, LONGEST] = [2, 100, 1500];
/** Milliseconds that a measurement takes at least. */
const SHORTEST = 30;

/** Each kind of component alone: credits a second, every line computed anew and kept, beside marginal tiers of the same run. */
export async function alone(only: readonly string[] = []): Promise<Measured[]> {
  const rows: Measured[] = [];
  let marginal = 0;
  for (const kind of kinds) {
    if (only.length > 0 && !only.some((word) => kind.name.includes(word))) continue;
    process.stderr.write(`  ${kind.name}\n`);
    const speed = await speedOf(kind);
    marginal ||= speed;
    const { name, goal: least = GOAL } = kind;
    rows.push({
      what: `${name}, ${DEALS.toLocaleString('en-US')} credits`,
      value: perSecond(speed, 1000),
      baseline: `${kinds[0]!.name} ${perSecond(marginal, 1000)}`,
      ratio: speed / marginal,
      ...goal(speed, '≥', least, `${least / 1e6} M/s`),
    });
  }
  return rows;
}

async function speedOf({ component, plan, role = 'AE', ...recorded }: Kind): Promise<number> {
  const document = {
    attain: '1',
    plan: 'Bench',
    version: '1',
    effective: { from: '2025-01-01' },
    assignedTo: { roles: [role] },
    currency: 'USD',
    pays: 'monthly',
    components: [{ name: 'Commission', ...component }],
    ...plan,
  };
  const history = createHistory();
  history.append(selling({ deals: DEALS, reps: REPS, measures, plans: [document], ...recorded }, recorder()));
  history.recalculate();
  // Processor time is counted in steps of some milliseconds.
  const together = Math.max(
    1,
    Math.ceil(
      SHORTEST /
        Math.max(
          0.5,
          once(() => history.recalculate()),
        ),
    ),
  );
  const times: number[] = [];
  const end = performance.now() + LONGEST;
  while (times.length < FEWEST || (performance.now() < end && times.length < MOST)) {
    const time = once(() => {
      for (let run = 0; run < together; run += 1) history.recalculate();
    });
    times.push(time / together);
  }
  // The compiler needs the first ones.
  return (DEALS / median(times.slice(times.length / 2))) * 1000;
}
