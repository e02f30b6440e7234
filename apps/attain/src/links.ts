import type { Link } from '@attain/service';

/** What the landing page leads to. */
export const links: readonly Link[] = [
  {
    title: 'My statements',
    about: 'What I am paid, line by line',
    href: '/v1/statements/2017-06/{participant}',
    permission: 'statements:read',
  },
  {
    title: 'Attainment',
    about: 'Quota, credit and pace',
    href: '/v1/attainment?period=2017-Q4&measure=revenue&by=participant',
    permission: 'attainment:read',
  },
  { title: 'API', about: 'Every endpoint, to try out', href: '/docs', permission: 'session:read' },
];
