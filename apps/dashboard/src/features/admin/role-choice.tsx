import { useLingui } from '@lingui/react/macro';
import { Checkbox, Stack } from '@mantine/core';
import type { Role } from '../../api/session.js';

/** The roles in the order of the command line, each with its permissions in words. */
function useRoles(): readonly { role: Role; about: string }[] {
  const { t } = useLingui();
  return [
    { role: 'rep', about: t`sees own pay, quota and deals` },
    { role: 'manager', about: t`sees everybody below in the hierarchy` },
    { role: 'plan-author', about: t`writes and publishes plans` },
    { role: 'approver', about: t`approves adjustments and releases` },
    { role: 'finance', about: t`sees everybody’s pay, corrects data, closes periods` },
    { role: 'auditor', about: t`sees everything and changes nothing` },
    { role: 'reports', about: t`sees sales, attainment and forecasts of everybody, and no pay` },
    { role: 'integration', about: t`imports the records of one source` },
    { role: 'admin', about: t`manages users, keys and the platform, and sees no pay` },
  ];
}

interface RoleChoiceProps {
  held: readonly string[];
  choose: (held: string[]) => void;
  /** Which roles are offered; all by default. */
  offered?: (role: Role) => boolean;
}

export function RoleChoice({ held, choose, offered = () => true }: RoleChoiceProps) {
  const { t } = useLingui();
  const roles = useRoles().filter(({ role }) => offered(role));
  return (
    <Checkbox.Group label={t`Roles`} value={[...held]} onChange={choose}>
      <Stack gap={4} mt={4}>
        {roles.map(({ role, about }) => (
          <Checkbox key={role} value={role} label={role} description={about} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
