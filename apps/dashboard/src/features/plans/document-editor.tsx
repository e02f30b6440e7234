import {
  autocompletion,
  type CompletionContext,
  completionKeymap,
  type CompletionResult,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState, type Text } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useRef } from 'react';
import { aboutKey, placeAt, proposals, type Schema } from './completion.js';

/** A remark at a place of the document; lines and columns count from 1. */
export interface Remark {
  line: number;
  column: number | null;
  message: string;
  /** Replaces the word at the place. */
  fix: { label: string; text: string } | null;
}

interface DocumentEditorProps {
  label: string;
  /** The text at the beginning; afterwards the editor has its own. */
  text: string;
  change: (text: string) => void;
  remarks: readonly Remark[];
  schema: Schema | undefined;
  /** What the company calls its measures and roles, by the key that takes them. */
  names: Readonly<Record<string, readonly string[]>>;
  /** The meaning of the key at the cursor. */
  explain: (key: string, about: string) => void;
  /** A line to show, with a new object for each request. */
  reveal: { line: number } | undefined;
}

/** A text editor for YAML; Tab leaves it, as on the rest of the page. */
export default function DocumentEditor(props: DocumentEditorProps) {
  const { label, text, remarks, reveal } = props;
  const frame = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  useEffect(() => {
    const made = new EditorView({
      parent: frame.current!,
      state: EditorState.create({ doc: text, extensions: [named.of(accessible(label)), ...extensions(latest)] }),
    });
    view.current = made;
    return () => made.destroy();
    // The editor keeps its own text, so a new one is made only when the page shows another document.
  }, []);
  useEffect(() => {
    const shown = view.current;
    if (shown === undefined) return;
    shown.dispatch(
      setDiagnostics(
        shown.state,
        remarks.map((remark) => diagnosticOf(shown.state.doc, remark)),
      ),
    );
  }, [remarks]);
  useEffect(() => {
    const shown = view.current;
    if (shown === undefined || reveal === undefined) return;
    const { from } = shown.state.doc.line(Math.min(reveal.line, shown.state.doc.lines));
    shown.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'center' }) });
    shown.focus();
  }, [reveal]);
  return <div ref={frame} className="document" />;
}

const named = new Compartment();
const accessible = (label: string) => EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' });

interface Latest {
  current: DocumentEditorProps;
}

function extensions(latest: Latest) {
  return [
    EditorView.cspNonce.of(document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''),
    lineNumbers(),
    history(),
    drawSelection(),
    highlightActiveLine(),
    indentOnInput(),
    yaml(),
    syntaxHighlighting(colours),
    lintGutter(),
    autocompletion({ override: [(context) => complete(context, latest)] }),
    keymap.of([...completionKeymap, ...lintKeymap, ...historyKeymap, ...defaultKeymap]),
    EditorView.lineWrapping,
    looks,
    EditorView.updateListener.of((update) => {
      if (update.docChanged) latest.current.change(update.state.doc.toString());
      if (update.docChanged || update.selectionSet) explainAt(update.state, latest);
    }),
  ];
}

function placeIn(state: EditorState, offset: number) {
  const { number, from } = state.doc.lineAt(offset);
  return placeAt(state.doc.toString().split('\n'), number - 1, offset - from);
}

function explainAt(state: EditorState, { current: { schema, explain } }: Latest): void {
  if (schema === undefined) return;
  const { head } = state.selection.main;
  const { path, part } = placeIn(state, head);
  // The key under the cursor, also before its colon.
  const word = /([\p{L}][\w-]*)\s*:/u.exec(state.doc.lineAt(head).text)?.[1];
  const keys = part === 'key' && word !== undefined ? [...path, word] : path;
  explain(keys.at(-1) ?? '', aboutKey(schema, keys));
}

function complete({ state, pos, explicit }: CompletionContext, { current }: Latest): CompletionResult | null {
  const { schema, names } = current;
  if (schema === undefined) return null;
  const place = placeIn(state, pos);
  const line = state.doc.lineAt(pos);
  const from = line.from + Math.min(place.from, pos - line.from);
  if (!explicit && from === pos) return null;
  const isFollowed = /^\s*:/.test(line.text.slice(pos - line.from));
  return {
    from,
    options: proposals(schema, place, names).map(({ label, about }) => ({
      label,
      type: place.part === 'key' ? 'property' : 'enum',
      apply: place.part === 'key' && !isFollowed ? `${label}: ` : label,
      ...(about !== '' && { info: about }),
    })),
    validFor: /^[\w-]*$/,
  };
}

function diagnosticOf(document: Text, { line, column, message, fix }: Remark): Diagnostic {
  const { from, to, text } = document.line(Math.max(1, Math.min(line, document.lines)));
  const start = Math.min(from + (column === null ? text.length - text.trimStart().length : column - 1), to);
  const word = /^("[^"]*"|[^\s,:{}[\]#]+)/.exec(document.sliceString(start, to))?.[0];
  const end = word === undefined || column === null ? to : start + word.length;
  return {
    from: start,
    to: end,
    severity: 'error',
    message,
    ...(fix !== null && {
      actions: [
        {
          name: fix.label,
          apply: (view, at, until) => view.dispatch({ changes: { from: at, to: until, insert: fix.text } }),
        },
      ],
    }),
  };
}

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--attain-up)' },
  { tag: tags.comment, color: 'var(--mantine-color-dimmed)', fontStyle: 'italic' },
  { tag: [tags.string, tags.content], color: 'var(--mantine-color-text)' },
]);

const looks = EditorView.theme({
  '&': {
    border: '1px solid var(--attain-rule)',
    borderRadius: '6px',
    fontSize: '13px',
    color: 'var(--mantine-color-text)',
    backgroundColor: 'var(--mantine-color-body)',
  },
  '&.cm-focused': { outline: '2px solid var(--attain-up)', outlineOffset: '1px' },
  '.cm-scroller': { fontFamily: 'var(--mantine-font-family-monospace)', minHeight: '240px', maxHeight: '640px' },
  '.cm-content': { caretColor: 'var(--mantine-color-text)' },
  '.cm-cursor': { borderLeftColor: 'var(--mantine-color-text)' },
  '.cm-gutters': {
    backgroundColor: 'var(--attain-surface)',
    color: 'var(--mantine-color-dimmed)',
    borderRight: '1px solid var(--mantine-color-default-border)',
  },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--attain-band) 25%, transparent)' },
  '.cm-selectionBackground, &.cm-focused .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--attain-up) 30%, transparent) !important',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--attain-surface)',
    color: 'var(--mantine-color-text)',
    border: '1px solid var(--mantine-color-default-border)',
    borderRadius: '6px',
    maxWidth: '420px',
  },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--attain-up)',
    color: 'var(--mantine-color-body)',
  },
  '.cm-diagnosticAction': {
    backgroundColor: 'var(--attain-up)',
    color: 'var(--mantine-color-body)',
    borderRadius: '4px',
    padding: '2px 8px',
  },
});
