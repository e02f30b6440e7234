/** The events that writer.mjs writes and the fault tests check. */

export const codec = {
  versionOf: () => 1,
  decode: (type, version, data) => ({ type, version, data }),
};

/** Pays with each command; only the idempotency key prevents a second payment. */
export const paying = {
  category: 'payment',
  initial: 0,
  decide: ({ number }) => [{ type: 'Paid', data: { number, amount: 100 + number } }],
  evolve: (paid) => paid + 1,
};

/** Imports a record with two events, once. */
export const importing = {
  category: 'record',
  initial: false,
  decide: ({ text }, known) =>
    known
      ? []
      : [
          { type: 'RecordOpened', data: { text } },
          { type: 'RecordWon', data: {} },
        ],
  evolve: () => true,
};
export const LOADED = 40;
export const imported = (number) =>
  Array.from({ length: LOADED }, (_, n) => ({ id: `${number}:${n}`, command: { text: `${number} ${n} `.repeat(20) } }));

export const payments = {
  name: 'payments',
  version: 1,
  indexes: [],
  categories: ['payment'],
  keys: ({ stream }) => [stream],
  evolve: (document, { data }) => ({ total: (document?.total ?? 0) + data.amount, count: (document?.count ?? 0) + 1 }),
};
