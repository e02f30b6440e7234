import { useLingui } from '@lingui/react/macro';
import { Alert } from '@mantine/core';

/** The amounts that a total lacks, each with the reason that it could not be computed. */
export function MissingAmounts({ exceptions }: { exceptions: readonly { code: string; detail: string }[] }) {
  const { t } = useLingui();
  if (exceptions.length === 0) return null;
  return (
    <Alert color="yellow" title={t`${exceptions.length} amounts are missing from this total`}>
      {exceptions.map(({ code, detail }, index) => (
        <div key={index}>
          {code}: {detail}
        </div>
      ))}
    </Alert>
  );
}
