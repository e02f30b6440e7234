import { nearest } from '@attain/contracts';

/** A file or folder of a company folder that nothing reads, though it looks as if it should be. */
export interface Unread {
  readonly path: string;
  readonly message: string;
}

const folders = ['tables', 'plans', 'sources', 'exports', 'scenarios'];
const files = ['company.yaml', 'people.csv', 'quotas.csv', 'relations.csv', 'rates.csv', 'objectives.csv', 'demo.yaml'];
/** What a folder of documents or tables holds. */
const forms: Readonly<Record<string, { form: RegExp; what: string }>> = {
  plans: { form: /\.ya?ml$/, what: 'plans/*.yaml' },
  sources: { form: /\.ya?ml$/, what: 'sources/*.yaml' },
  scenarios: { form: /\.ya?ml$/, what: 'scenarios/*.yaml' },
  tables: { form: /\.csv$/, what: 'tables/*.csv' },
};
const data = /\.(ya?ml|json|csv|tsv|xlsx?|ods)(\.(txt|bak|old|orig))?$/i;
const documents = /\.(ya?ml|json)$/i;

/** `paths`: every file of the folder, relative to it, with `/`; `read`: those that were read or that a source names. */
export function unreadFiles(paths: readonly string[], read: ReadonlySet<string>): Unread[] {
  const shown = paths
    .filter((path) => !path.split('/').some((part) => part.startsWith('.') || part === 'node_modules'))
    .sort();
  const found: Unread[] = [];
  const above = Map.groupBy(shown, (path) => (path.includes('/') ? path.slice(0, path.indexOf('/')) : ''));
  for (const [folder, inside] of above) {
    if (folder === '') found.push(...inside.flatMap((path) => inRoot(path, read)));
    else if (folder === 'exports') found.push(...exportsOf(inside, read));
    else if (folders.includes(folder)) found.push(...inside.flatMap((path) => inFolder(path, folder)));
    else found.push(...otherFolder(folder, inside, read));
  }
  return found;
}

function inRoot(path: string, read: ReadonlySet<string>): Unread[] {
  if (files.includes(path) || read.has(path) || !data.test(path)) return [];
  const near = nearest(path, files);
  const stray = documents.test(path)
    ? 'plans belong in plans/, sources in sources/'
    : `a company folder has ${files.slice(1, 5).join(', ')}, and exports that a source names`;
  return [{ path, message: `the file is not read${near === undefined ? `: ${stray}` : ` (did you mean ${near}?)`}` }];
}

function inFolder(path: string, folder: string): Unread[] {
  const { form, what } = forms[folder]!;
  const below = path.slice(folder.length + 1);
  if (form.test(below) && !below.includes('/')) return [];
  // A note beside the documents is nothing that anybody expects to count.
  if (!data.test(below)) return [];
  return [
    {
      path,
      message: `the file is not read: ${folder === 'exports' ? 'no source names it' : `a company folder has ${what}, with no folder below`}`,
    },
  ];
}

/** An export that nobody names is a mistake where one like it is named, or where none is. */
function exportsOf(inside: readonly string[], read: ReadonlySet<string>): Unread[] {
  const tables = inside.filter((path) => data.test(path));
  const named = tables.filter((path) => read.has(path));
  const bare = (path: string) => path.slice('exports/'.length).replace(/\.[^.]*$/, '');
  return tables.flatMap((path) => {
    if (read.has(path)) return [];
    const near = nearest(bare(path), named.map(bare));
    if (near === undefined && named.length > 0) return [];
    const like = named.find((other) => bare(other) === near);
    return [
      {
        path,
        message: `no source names this export${like === undefined ? '' : `, but one names ${like}: extend its \`files\` if both belong together`}`,
      },
    ];
  });
}

function otherFolder(folder: string, inside: readonly string[], read: ReadonlySet<string>): Unread[] {
  const unread = inside.filter((path) => !read.has(path) && data.test(path));
  if (unread.length === 0) return [];
  const near = nearest(folder, folders);
  if (near === undefined && !unread.some((path) => documents.test(path))) return [];
  const hint =
    near === undefined
      ? `: a company folder has ${folders.map((name) => `${name}/`).join(', ')}`
      : ` (did you mean ${near}/?)`;
  const what = unread.length === 1 ? `${unread[0]} is` : `${unread.length} files such as ${unread[0]} are`;
  return [{ path: folder, message: `the folder is not read${hint}; ${what} left out` }];
}
