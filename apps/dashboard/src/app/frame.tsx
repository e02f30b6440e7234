import type { Session } from '@attain/client';
import { Trans, useLingui } from '@lingui/react/macro';
import {
  ActionIcon,
  AppShell,
  Burger,
  Button,
  Group,
  NativeSelect,
  NavLink,
  Text,
  Tooltip,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { lazy, Suspense } from 'react';
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { useSession, useSignOut } from '../api/session.js';
import { useWhy, WhyProvider } from '../explain/why.js';
import { Answer, NoAccess } from '../screen/answer.js';
import { moveRow, useKeyboard, useKeys } from '../screen/keys.js';
import { AsOfBar, AsOfPicker } from './as-of.js';
import { choose, languages } from './language.js';
import { type Place, useIsWithheld, usePlaces } from './navigation.js';

// Most visits begin signed in, and ask for neither dialog.
const SignInPage = lazy(async () => ({ default: (await import('../features/sign-in/sign-in.page.js')).SignInPage }));
const NewPasswordPage = lazy(async () => ({
  default: (await import('../features/sign-in/new-password.page.js')).NewPasswordPage,
}));
const WhyPanel = lazy(async () => ({ default: (await import('../explain/why-panel.js')).WhyPanel }));
const Live = lazy(async () => ({ default: (await import('./live.js')).Live }));
const Palette = lazy(async () => ({ default: (await import('./palette.js')).Palette }));
const KeysHelp = lazy(async () => ({ default: (await import('./keys-help.js')).KeysHelp }));

export function Frame() {
  const session = useSession();
  return (
    <Answer query={session} height={400}>
      {(caller) => (
        <Suspense>
          <Admitted caller={caller} />
        </Suspense>
      )}
    </Answer>
  );
}

function Admitted({ caller }: { caller: Session | null }) {
  if (caller === null) return <SignInPage />;
  return caller.passwordDue === true ? <NewPasswordPage name={caller.name} /> : <Signed session={caller} />;
}

function Signed({ session }: { session: Session }) {
  const { t } = useLingui();
  const places = usePlaces(session);
  const [opened, { toggle, close }] = useDisclosure();
  const [searching, palette] = useDisclosure();
  const [helping, help] = useDisclosure();
  useHotkeys([['mod+K', palette.open]], []);
  useFrameKeys(places, help.open);
  return (
    <WhyProvider>
      <AppShell
        header={{ height: 52 }}
        navbar={{ width: 208, breakpoint: 'sm', collapsed: { mobile: !opened } }}
        padding="md"
      >
        <AppShell.Header px="md">
          <Group h="100%" justify="space-between" wrap="nowrap">
            <Group gap="sm" wrap="nowrap">
              <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t`Menu`} />
              <Text fw={700}>Attain</Text>
            </Group>
            <Tools name={session.name} search={palette.open} />
          </Group>
        </AppShell.Header>
        <AppShell.Navbar p="xs" aria-label={t`Screens`}>
          <Places places={places} close={close} />
        </AppShell.Navbar>
        <AppShell.Main>
          <AsOfBar />
          <Asked session={session} />
        </AppShell.Main>
      </AppShell>
      <Reasons />
      <Suspense>
        {searching ? <Palette places={places} opened close={palette.close} help={help.open} /> : null}
        {helping ? <KeysHelp places={places} close={help.close} /> : null}
      </Suspense>
    </WhyProvider>
  );
}

/** The keys that work on every screen. */
function useFrameKeys(places: readonly Place[], help: () => void): void {
  const navigate = useNavigate();
  const goes = places.map(({ key, to }) => [
    `g ${key}`,
    () => void navigate({ to, search: ({ asOf, effective }) => ({ asOf, effective }) }),
  ]);
  useKeyboard();
  useKeys({
    ...(Object.fromEntries(goes) as Record<string, () => void>),
    j: () => moveRow(1),
    k: () => moveRow(-1),
    '?': help,
  });
}

function Asked({ session }: { session: Session }) {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  return useIsWithheld(session, path) ? <NoAccess /> : <Outlet />;
}

function Places({ places, close }: { places: readonly Place[]; close: () => void }) {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  return places.map(({ to, title }) => (
    <NavLink
      key={to}
      label={title}
      active={path === to || path.startsWith(`${to}/`)}
      onClick={close}
      renderRoot={(props) => <Link {...props} to={to} search={({ asOf, effective }) => ({ asOf, effective })} />}
    />
  ));
}

function Tools({ name, search }: { name: string; search: () => void }) {
  const { i18n, t } = useLingui();
  const signOut = useSignOut();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Group gap={6} wrap="nowrap">
      <Suspense>
        <Live />
      </Suspense>
      <AsOfPicker />
      <Tooltip label="Ctrl+K">
        <ActionIcon variant="default" size="lg" aria-label={t`Go to a screen`} onClick={search}>
          ⌕
        </ActionIcon>
      </Tooltip>
      <ActionIcon
        variant="default"
        size="lg"
        aria-label={t`Light or dark`}
        onClick={() => setColorScheme(colorScheme === 'dark' ? 'light' : 'dark')}
      >
        ◐
      </ActionIcon>
      <NativeSelect
        visibleFrom="sm"
        aria-label={t`Language`}
        value={i18n.locale}
        onChange={({ currentTarget }) => void choose(currentTarget.value)}
        data={languages.map(({ locale, name: label }) => ({ value: locale, label }))}
      />
      <Text size="sm" visibleFrom="md">
        {name}
      </Text>
      <Button variant="default" px="xs" onClick={() => signOut.mutate()} loading={signOut.isPending}>
        <Trans>Sign out</Trans>
      </Button>
    </Group>
  );
}

function Reasons() {
  const { asked } = useWhy();
  return <Suspense>{asked === undefined ? null : <WhyPanel />}</Suspense>;
}
