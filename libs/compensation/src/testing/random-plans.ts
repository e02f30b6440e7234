import fc from 'fast-check';
import { type Component, type Policy, randomComponent } from './random-components.js';
import { day, maybe, of, without } from './random-values.js';

const draw = fc.oneof(
  fc
    .record({
      amount: of('100', '250.50'),
      periods: maybe(of('1-2', '2-3'), 2),
      recoverable: maybe(of('yes', 'no'), 3),
      recovers: maybe(fc.record({ from: maybe(of('2'), 2), share: maybe(of('50%', '100%'), 2) }).map(without), 2),
      forgive: maybe(of('at end'), 3),
    })
    .map((one) =>
      without(
        one.recoverable === 'no'
          ? { ...one, recovers: undefined, forgive: undefined }
          : one.periods === undefined
            ? { ...one, forgive: undefined }
            : one,
      ),
    ),
  fc.record({ amount: of(['300', '150']), recoverable: of('no') }),
);
const planCap = fc.oneof(
  fc.record({ amount: of('150', '400'), per: of('month', 'quarter', 'year') }),
  fc.record({ amount: of('120'), per: of('month', 'quarter'), excess: of('carried') }),
);

/** A plan of any features, and the version that may follow it. */
export function randomPlan(
  policy: Policy,
  name: string,
  assigned: fc.Arbitrary<object>,
): fc.Arbitrary<Record<string, unknown>> {
  return of('monthly', 'monthly', 'quarterly').chain((pays) =>
    fc
      .record({
        assignedTo: assigned,
        components: fc.array(randomComponent(policy, pays), { minLength: 1, maxLength: 2, size: 'max' }),
        currency: maybe(of('EUR'), 6),
        rounding: maybe(of<unknown>('half-even', { to: '0.10' }), 6),
        draw: maybe(draw, 4),
        negative: maybe(of('carried'), 4),
        cap: maybe(planCap, 5),
        convert: maybe(
          of<unknown>(
            { pay: 'on credit date' },
            { credits: 'on pay date' },
            { credits: 'at plan rate', pay: 'at plan rate' },
          ),
          6,
        ),
        later: maybe(fc.tuple(day, randomComponent(policy, pays)), 4),
      })
      .map(({ components, later, convert, ...own }) => {
        const currency = own.currency ?? 'USD';
        const rates =
          JSON.stringify(convert)?.includes('plan rate') === true
            ? { planRates: currency === 'USD' ? { EUR: '1.2' } : { USD: '0.8' } }
            : {};
        const named = components.map((one, index) => ({ name: `C${index + 1}`, ...one }));
        const document = without({
          plan: name,
          version: '1',
          effective: { from: '2025-01-01' },
          ...own,
          pays,
          convert,
          ...rates,
          cap: carriesOwn(own.cap, named) ? { ...own.cap, excess: undefined } : own.cap,
          components: named,
        });
        return {
          ...document,
          cap: document.cap === undefined ? undefined : without(document.cap),
          next:
            later === undefined
              ? undefined
              : {
                  from: isCarriedByQuarter([own, ...components, later[1]]) ? '2025-04-01' : later[0],
                  component: { name: 'C1', ...later[1] },
                },
        };
      })
      .map(without),
  );
}

/** The plan language leaves open which part of a quarter counts under a carried cap whose version begins within it. */
function isCarriedByQuarter(capped: readonly { readonly cap?: unknown }[]): boolean {
  return capped.some(({ cap }) => {
    const { per, excess } = (cap ?? {}) as { per?: unknown; excess?: unknown };
    return per === 'quarter' && excess === 'carried';
  });
}

/** A plan's carried excess needs components that pay as often as the plan. */
export function carriesOwn(cap: object | undefined, components: readonly Component[]): boolean {
  return (
    cap !== undefined &&
    'excess' in cap &&
    components.some((one) => one['currency'] !== undefined || one['unit'] !== undefined || one['pays'] !== undefined)
  );
}
