import type { Exact } from '@attain/values';
import { minorFactor } from '../facts/money.rules.js';
import type { Component } from './component.js';

/** What minor units of a component's currency are times to be hundredths of the unit that it pays in: a rate of 1% is a point for 100. */
export function unitScale({ paidIn, currency }: Pick<Component, 'paidIn' | 'currency'>): Exact {
  return minorFactor(paidIn).over(minorFactor(currency));
}
