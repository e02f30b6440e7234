import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

const accent: MantineColorsTuple = [
  '#eaf3fb',
  '#d3e5f5',
  '#a4c9ea',
  '#72abdf',
  '#4a92d6',
  '#3182d0',
  '#1c6fb5',
  '#165d99',
  '#0f4c80',
  '#083a66',
];

export const theme = createTheme({
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: 'ui-monospace, monospace',
  primaryColor: 'accent',
  primaryShade: 6,
  colors: { accent },
  defaultRadius: 6,
  headings: {
    sizes: {
      h1: { fontSize: '1.5rem', lineHeight: '2rem' },
      h2: { fontSize: '1.125rem', lineHeight: '1.625rem' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.375rem' },
    },
  },
});

/** Colours by meaning; each pair of text and ground has a contrast of at least 4.7 : 1, each series of 3 : 1. */
export const colours: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#ffffff',
    '--mantine-color-text': '#16202b',
    '--mantine-color-dimmed': '#52606d',
    '--mantine-color-placeholder': '#52606d',
    '--mantine-color-error': '#b42318',
    '--mantine-color-default-border': '#d5dae0',
    '--attain-surface': '#f7f8fa',
    '--attain-up': '#1c6fb5',
    '--attain-down': '#b45309',
    '--attain-warn': '#8a5a00',
    '--attain-bad': '#b42318',
    '--attain-good': '#0f766e',
    '--attain-rule': '#7f8a96',
    '--attain-band': '#c9def0',
  },
  dark: {
    '--mantine-color-body': '#171b21',
    '--mantine-color-text': '#e6eaee',
    '--mantine-color-dimmed': '#a7b2bd',
    '--mantine-color-placeholder': '#a7b2bd',
    '--mantine-color-error': '#f28b82',
    '--mantine-color-default-border': '#39424d',
    '--attain-surface': '#20262e',
    '--attain-up': '#5ba7e6',
    '--attain-down': '#e8974b',
    '--attain-warn': '#e0b34d',
    '--attain-bad': '#f28b82',
    '--attain-good': '#4fc3b0',
    '--attain-rule': '#6b7783',
    '--attain-band': '#2b4763',
  },
});
