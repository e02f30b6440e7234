import { backTest as inSteps } from './back-test.rules.js';

/** A back-test in one go. */
export function backTest(...of: Parameters<typeof inSteps>) {
  const steps = inSteps(...of);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
