import { importFile, type ImportPreview, type Job, mapSource, previewImport } from '@attain/client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf } from '../api/client.js';
import { useJob } from '../api/job.js';

export type ImportKind = 'people' | 'deals' | 'quotas';
type Mapping = Readonly<Record<string, unknown>>;

export interface Importing {
  file: File | undefined;
  text: string;
  setText: (text: string) => void;
  choose: (file: File) => void;
  /** Previews the pasted text. */
  look: () => void;
  /** Looks again with keys of the mapping that a person states. */
  state: (mapping: Mapping) => void;
  bring: () => void;
  preview: ImportPreview | undefined;
  job: Job | undefined;
  error: Error | null;
  isLooking: boolean;
  isBringing: boolean;
}

/** A file on its way in: chosen, looked at with a mapping, and imported with the same mapping. */
export function useImporting(kind: ImportKind, source: string, done?: () => void): Importing {
  const queries = useQueryClient();
  const [file, setFile] = useState<File>();
  const [text, setText] = useState('');
  const [job, setJob] = useState<string>();
  const looking = useMutation({
    mutationFn: ({ body, mapping }: { body: File; mapping?: Mapping | undefined }) =>
      answerOf(
        previewImport({
          body,
          query: {
            name: plainName(body.name),
            as: kind,
            source,
            ...(mapping === undefined ? {} : { mapping: JSON.stringify(mapping) }),
          },
        }),
      ),
  });
  const bringing = useMutation({
    mutationFn: async ({ body, mapping }: { body: File; mapping: Mapping }) => {
      await answerOf(mapSource({ body: { document: { ...mapping, source }, reason: `preview of ${body.name}` } }));
      return answerOf(importFile({ path: { source }, query: { as: kind, name: plainName(body.name) }, body }));
    },
    onSuccess: ({ job: { id } }) => setJob(id),
  });
  const progress = useJob(job, async () => {
    await queries.invalidateQueries({ predicate: ({ queryKey }) => !['job', 'session'].includes(String(queryKey[0])) });
    done?.();
  });
  const take = (body: File): void => {
    setFile(body);
    setJob(undefined);
    bringing.reset();
    looking.mutate({ body });
  };
  const preview = looking.data;
  return {
    file,
    text,
    setText,
    choose: take,
    look: () => take(new File([text], `${kind}.csv`, { type: 'text/csv' })),
    state: (mapping) => file !== undefined && looking.mutate({ body: file, mapping }),
    bring: () =>
      file !== undefined && preview !== undefined && bringing.mutate({ body: file, mapping: preview.mapping }),
    preview,
    job: progress.data,
    error: looking.error ?? bringing.error,
    isLooking: looking.isPending,
    isBringing: bringing.isPending || progress.data?.state === 'running',
  };
}

/** As messages of the server show it. */
function plainName(name: string): string {
  const plain = name.replace(/[^\w .()-]/g, '_').slice(-120);
  return /^[\w()]/.test(plain) ? plain : `_${plain}`.slice(0, 120);
}
