import { Trans, useLingui } from '@lingui/react/macro';
import { Alert, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { mayAny, useCaller } from '../../api/session.js';
import { ImportFile } from '../../importing/import-file.js';
import { Answer } from '../../screen/answer.js';
import { Card } from '../../screen/card.js';
import { Screen } from '../../screen/screen.js';
import { CompanyStep } from './company-step.js';
import { FirstStatement } from './first-statement.js';
import { PlanStep } from './plan-step.js';
import { type SetUp, useSetUp } from './progress.js';

/** From an empty installation to a first statement, one step after the other. */
export function SetUpPage() {
  const { t } = useLingui();
  const session = useCaller();
  return <Screen title={t`Set-up`}>{mayAny(session, ['finance']) ? <StepsOfFinance /> : <NeedsFinance />}</Screen>;
}

function StepsOfFinance() {
  return (
    <Answer query={useSetUp()} height={480}>
      {(setUp) => <Steps setUp={setUp} />}
    </Answer>
  );
}

/** An administrator sees no pay, and so appoints the user who sets the company up. */
function NeedsFinance() {
  return (
    <Card>
      <Stack gap="sm">
        <Text>
          <Trans>
            Finance sets the company up: people, deals, quotas and a plan. Add a user with the roles finance and
            plan-author, and sign in as that user.
          </Trans>
        </Text>
        <Link to="/admin">
          <Trans>Add a user</Trans>
        </Link>
      </Stack>
    </Card>
  );
}

interface Step {
  key: string;
  title: string;
  done: boolean;
  optional?: boolean;
  summary: string;
  body: (next: () => void) => ReactNode;
}

function Steps({ setUp }: { setUp: SetUp }) {
  const { t } = useLingui();
  const queries = useQueryClient();
  const steps = useSteps(setUp);
  const [chosen, setChosen] = useState<string>();
  const [skipped, setSkipped] = useState<readonly string[]>([]);
  const current = chosen ?? steps.find(({ key, done }) => !done && !skipped.includes(key))?.key ?? 'statement';
  useFocusOf(current);
  const next = (): void => {
    setChosen(undefined);
    void queries.invalidateQueries({ queryKey: ['set-up'] });
  };
  return (
    <Stack component="ol" gap="md" p={0} m={0} style={{ listStyle: 'none' }}>
      {steps.map(({ key, title, done, optional = false, summary, body }, index) => (
        <li key={key} aria-current={key === current ? 'step' : undefined}>
          <Card>
            <Group justify="space-between" mb={key === current ? 'sm' : 0}>
              <Title order={2} id={headingOf(key)} tabIndex={-1}>
                {index + 1}. {title}
              </Title>
              <Group gap="sm">
                <Text size="sm" className={done ? 'good' : ''} c={done ? undefined : 'dimmed'}>
                  {done ? `✓ ${summary}` : optional ? t`optional` : t`to do`}
                </Text>
                {key === current ? null : (
                  <Button
                    size="compact-sm"
                    variant="default"
                    aria-label={done ? t`Change step ${title}` : t`Open step ${title}`}
                    onClick={() => setChosen(key)}
                  >
                    {done ? <Trans>Change</Trans> : <Trans>Open</Trans>}
                  </Button>
                )}
                {key === current && optional && !done ? (
                  <Button
                    size="compact-sm"
                    variant="default"
                    onClick={() => {
                      setSkipped([...skipped, key]);
                      setChosen(undefined);
                    }}
                  >
                    <Trans>Skip</Trans>
                  </Button>
                ) : null}
              </Group>
            </Group>
            {key === current ? body(next) : null}
          </Card>
        </li>
      ))}
    </Stack>
  );
}

const headingOf = (key: string): string => `step-${key}`;

/** Moves the focus to the opened step, for users of the keyboard. */
function useFocusOf(step: string): void {
  const before = useRef(step);
  useEffect(() => {
    if (before.current !== step) document.getElementById(headingOf(step))?.focus();
    before.current = step;
  }, [step]);
}

const examples = {
  people: `id,name,role,manager,from
lena,Lena Fox,Sales Manager,,2026-01-01
nora,Nora Quinn,Account Executive,lena,2026-01-01`,
  deals: `Deal ID,Deal name,Sales rep,Value,Close date,Status
D-1001,Harbor Logistics,Nora Quinn,"$48,000.00",01/14/2026,Won`,
  quotas: `for,measure,period,amount
nora,revenue,2026-Q1,100000`,
} as const;

function useSteps(setUp: SetUp): readonly Step[] {
  const { t } = useLingui();
  const { company, people, deals, quotas, plans, won } = setUp;
  return [
    {
      key: 'company',
      title: t`Company`,
      done: company !== null,
      summary: company?.company ?? t`stored`,
      body: (next) => <CompanyStep company={company} next={next} />,
    },
    {
      key: 'people',
      title: t`People`,
      done: people > 0,
      summary: t`${people} people`,
      body: (next) => <ImportFile kind="people" source="people" whole example={examples.people} done={next} />,
    },
    {
      key: 'deals',
      title: t`Deals`,
      done: deals > 0,
      summary: t`${deals} deals`,
      body: (next) => <ImportFile kind="deals" source="crm" example={examples.deals} done={next} />,
    },
    {
      key: 'quotas',
      title: t`Quotas`,
      done: quotas > 0,
      optional: true,
      summary: t`${quotas} quotas`,
      body: (next) => <ImportFile kind="quotas" source="quotas" whole example={examples.quotas} done={next} />,
    },
    {
      key: 'plan',
      title: t`Plan`,
      done: plans > 0,
      summary: t`${plans} published`,
      body: (next) =>
        company === null ? <First /> : <PlanStep company={company} roles={setUp.roles} won={won} next={next} />,
    },
    {
      key: 'statement',
      title: t`First statement`,
      done: won !== null && plans > 0,
      summary: t`ready`,
      body: () => (won === null || plans === 0 ? <First /> : <FirstStatement won={won} />),
    },
  ];
}

function First() {
  return (
    <Alert color="gray">
      <Trans>Finish the steps above first.</Trans>
    </Alert>
  );
}
