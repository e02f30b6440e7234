import type { Exact } from '@attain/values';
import { Exact as E, isCurrency, minorDigits, minorToDecimal } from '@attain/values';
import { digitsOf, major } from '../facts/money.rules.js';
import type { Component } from './component.js';
import { unitScale } from './units.rules.js';

const HUNDRED = E.of(100);

/** A share in the form that people write: `6%`, or `2/15` if a percentage would not end. */
export function shareText(share: Exact): string {
  const percent = share.times(HUNDRED).toString();
  return percent.includes('/') ? share.toString() : `${percent}%`;
}

/** An attainment for people to read: a percentage whose decimals would not end is rounded. */
export function attainedText(attained: Exact): string {
  const percent = attained.times(HUNDRED);
  return percent.toString().includes('/') ? `about ${percent.toDecimal(4, 'half-up')}%` : `${percent}%`;
}

/** The pay for a unit of the measure: a share of money, or an amount for each. */
export function payText(factor: Exact, component: Component): string {
  return component.measure.unit === 'money'
    ? shareText(component.isMoney ? factor : factor.over(unitScale(component)))
    : major(factor, component.paidIn).toString();
}

/** An amount of a measure as the engine counts it, in units: exact. */
export function countedText(amount: Exact, unit: 'money' | 'number', currency: string): string {
  return (unit === 'money' ? major(amount, currency) : amount).toString();
}

/** An amount of a measure in units, rounded to the minor digits of a currency. */
export function countedDecimal(amount: Exact, unit: 'money' | 'number', currency: string): string {
  return (unit === 'money' ? major(amount, currency) : amount).toDecimal(minorDigits(currency), 'half-up');
}

export function moneyText(minor: bigint, currency: string): string {
  return isCurrency(currency)
    ? minorToDecimal(minor, currency)
    : major(minor, currency).toDecimal(digitsOf(currency), 'half-up');
}

/** Minor units, exact, in units of the currency. */
export function exactMoney(minor: Exact, currency: string): string {
  return major(minor, currency).toString();
}
