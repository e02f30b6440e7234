import type { PlanCheck } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { lazy, Suspense, useMemo, useState } from 'react';
import { Refusal } from '../../screen/answer.js';
import { Card } from '../../screen/card.js';
import { Changes } from './changes.js';
import { Checked } from './checked.js';
import { CostCard } from './cost.js';
import { CurveCard } from './curve.js';
import type { Remark } from './document-editor.js';
import { useCheck, useCompanyNames, useKeptText, useSchema } from './draft.js';
import { PublishCard } from './publish.js';

const DocumentEditor = lazy(() => import('./document-editor.js'));
/** Milliseconds without a keystroke after which the server checks. */
const PAUSE = 400;

export function PlanEditor({ name, original }: { name: string; original: string }) {
  const { t } = useLingui();
  const { text, change, isKept, forget } = useKeptText(name, original);
  const [settled] = useDebouncedValue(text, PAUSE);
  const [editor, setEditor] = useState(0);
  const [key, setKey] = useState<{ key: string; about: string }>();
  const [reveal, setReveal] = useState<{ line: number }>();
  const schema = useSchema();
  const names = useCompanyNames();
  const check = useCheck(settled);
  const isCurrent = settled === text && !check.isPlaceholderData && check.data !== undefined;
  const isValid = isCurrent && check.data.problems.length === 0;
  const remarks = useRemarks(check.data);
  return (
    <Stack gap="md">
      <div className="panes">
        <Card title={t`Document`}>
          <Suspense fallback={<Skeleton height={480} />}>
            <DocumentEditor
              key={editor}
              label={t`Plan document`}
              text={text}
              change={change}
              remarks={remarks}
              schema={schema}
              names={names}
              explain={(at, about) => setKey({ key: at, about })}
              reveal={reveal}
            />
          </Suspense>
          <Text size="sm" c="dimmed" mt="xs" mih={40}>
            {key === undefined || key.about === '' ? (
              <Trans>Press Ctrl+Space for the keys and values that fit at the cursor.</Trans>
            ) : (
              <>
                <b>{key.key}</b>: {key.about}
              </>
            )}
          </Text>
          <Group gap="sm" mt="xs">
            <Button
              variant="default"
              size="xs"
              disabled={!isKept}
              onClick={() => {
                change(original);
                setEditor(editor + 1);
              }}
            >
              <Trans>Discard my changes</Trans>
            </Button>
            <Text size="xs" c="dimmed">
              {isKept ? <Trans>Kept in this tab until you publish it.</Trans> : null}
            </Text>
          </Group>
        </Card>
        <Stack gap="md">
          {check.error === null ? null : <Refusal error={check.error} retry={() => void check.refetch()} />}
          <Checked result={check.data} isCurrent={isCurrent} go={(line) => setReveal({ line })} />
          <Changes text={settled} isValid={isValid} />
        </Stack>
      </div>
      <CurveCard text={settled} isValid={isValid} />
      <CostCard text={settled} isValid={isValid} />
      <PublishCard text={text} check={isCurrent ? check.data : undefined} published={forget} />
    </Stack>
  );
}

function useRemarks(check: PlanCheck | undefined): Remark[] {
  const { t } = useLingui();
  return useMemo(() => {
    if (check === undefined) return [];
    return [
      ...check.problems.map(({ line, column, message, proposal }) => ({
        line: line ?? 1,
        column,
        message,
        fix: proposal === null ? null : { label: t`Write ${proposal}`, text: proposal },
      })),
      ...check.examples.flatMap(({ name, line, failures }) =>
        failures.map(({ line: at, expected, actual }) => ({
          line: at ?? line ?? 1,
          column: null,
          message: t`${name}: expected ${expected}, found ${actual}`,
          fix: null,
        })),
      ),
    ];
  }, [check, t]);
}
