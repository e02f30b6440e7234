import { Skeleton } from '@mantine/core';
import { type ComponentProps, lazy, Suspense } from 'react';
import type * as Drawn from './drawn.js';

/** The library of charts comes only when a chart is drawn, because the first screen is not to wait for it. */
const LazyFan = lazy(async () => ({ default: (await import('./drawn.js')).Fan }));
const LazyBridge = lazy(async () => ({ default: (await import('./drawn.js')).Bridge }));
const LazyBars = lazy(async () => ({ default: (await import('./drawn.js')).Bars }));
const LazyPayLine = lazy(async () => ({ default: (await import('./drawn.js')).PayLine }));
const waiting = <Skeleton height={260} />;

export const Fan = (props: ComponentProps<typeof Drawn.Fan>) => (
  <Suspense fallback={waiting}>
    <LazyFan {...props} />
  </Suspense>
);

export const Bridge = (props: ComponentProps<typeof Drawn.Bridge>) => (
  <Suspense fallback={waiting}>
    <LazyBridge {...props} />
  </Suspense>
);

export const Bars = (props: ComponentProps<typeof Drawn.Bars>) => (
  <Suspense fallback={waiting}>
    <LazyBars {...props} />
  </Suspense>
);

export const PayLine = (props: ComponentProps<typeof Drawn.PayLine>) => (
  <Suspense fallback={waiting}>
    <LazyPayLine {...props} />
  </Suspense>
);
