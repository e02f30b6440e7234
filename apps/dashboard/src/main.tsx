import '@fontsource-variable/inter/wght.css';
import '@mantine/core/styles.css';
import './theme/page.css';
import { Refused } from '@attain/client';
import { i18n } from '@lingui/core';
import { I18nProvider } from '@lingui/react';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { setNonce } from 'get-nonce';
import { createRoot } from 'react-dom/client';
import { preferred, speak } from './app/language.js';
import { router } from './app/routes.js';
import { colours, theme } from './theme/theme.js';

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // A refusal is not retried, only a temporary error: statements of a period are not ready at once after its closing.
      retry: (count, error) =>
        error instanceof Refused && error.status === 503
          ? count < 30
          : count < 2 && (!(error instanceof Refused) || error.status >= 500),
      retryDelay: 1_000,
    },
  },
});

/** Styles that are made at run time carry the nonce of the page, because the content security policy refuses others. */
const nonce = (): string => document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';

// Of dialogs, which lock the scroll of the page with a style of their own.
setNonce(nonce());
await speak(preferred());
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <I18nProvider i18n={i18n}>
      <MantineProvider theme={theme} cssVariablesResolver={colours} defaultColorScheme="auto" getStyleNonce={nonce}>
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </I18nProvider>
  </StrictMode>,
);
