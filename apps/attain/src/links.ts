import type { Link } from '@attain/service';

/** The links of the landing page. */
export const links: readonly Link[] = [
  {
    title: 'My statements',
    about: 'What I am paid, line by line',
    href: '/v1/statements/{period}/{participant}',
    permission: 'statements:read',
  },
  {
    title: 'Attainment',
    about: 'Quota, credit and pace',
    href: '/v1/attainment?period={quarter}&by=participant',
    permission: 'attainment:read',
  },
];
