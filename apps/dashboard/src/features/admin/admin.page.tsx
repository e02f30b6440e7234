import { useLingui } from '@lingui/react/macro';
import { Screen } from '../../screen/screen.js';
import { Health } from './health.js';
import { Keys } from './keys.js';
import { Parked } from './parked.js';
import { Pending } from './pending.js';
import { Settings } from './settings.js';
import { Users } from './users.js';

/** Who may do what, and whether the installation is healthy; nobody's pay. */
export function AdminPage() {
  const { t } = useLingui();
  return (
    <Screen title={t`Admin`}>
      <Pending />
      <Users />
      <Keys />
      <Health />
      <Parked />
      <Settings />
    </Screen>
  );
}
