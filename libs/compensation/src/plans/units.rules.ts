import type { Exact } from '@attain/values';
import { minorFactor } from '../facts/money.rules.js';
import type { Component } from './component.js';

/** The factor from minor units of a component's currency to hundredths of its unit: a rate of 1% is a point for 100. */
export function unitScale({ paidIn, currency }: Pick<Component, 'paidIn' | 'currency'>): Exact {
  return minorFactor(paidIn).over(minorFactor(currency));
}
