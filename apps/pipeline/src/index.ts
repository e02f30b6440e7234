export { AccountCommands } from './accounts/account.commands.js';
export { DealCommands } from './deals/deal.commands.js';
export { type DealRef, type DealStatus } from './deals/deal.decider.js';
export { type DealDocument, dealsProjection } from './deals/deals.projection.js';
export { DealQueries, type DealFilter, type DealView, type StageTotal } from './deals/deal.queries.js';
export {
  type CompanyContents,
  inImportOrder,
  inOrder,
  type Place,
  problemAt,
  shownPath,
  type Written,
  type WrittenDocument,
  type WrittenSource,
  type WrittenTable,
} from './folder/company-contents.js';
export { documentProblems } from './folder/document-problems.js';
export { filesNamed } from './folder/files-named.js';
export { companyBeside, fileBeside, isFile, LeadsOut, realPathIn } from './folder/inside.js';
export { readFolder, type ReadFolder } from './folder/read-folder.js';
export { FolderImports } from './folder-import/folder-imports.js';
export type { FolderImportResult, FolderPart } from './folder-import/folder-result.js';
export { keptDocument, type KeptEntry, keptRecord, keptRows } from './folder-import/kept.js';
export { type As, fieldsOf, importable } from './imports/fields.rules.js';
export { type ImportProgress, type Watch } from './imports/import-run.js';
export { type ImportRequest, type ImportResult, Imports } from './imports/imports.js';
export type { KeptRecord } from './imports/entered-deals.js';
export { rowsOfRecords } from './imports/rows-of-records.js';
export { pipelineFacts, PipelineModule } from './pipeline.module.js';
export { RelatedCommands } from './related/related.commands.js';
export { type RelatedKind, relatedKinds, type RelatedRecord } from './related/related.decider.js';
export { type RelatedDocument, relatedProjection } from './related/related.projection.js';
export { SourceCommands } from './sources/source.commands.js';
export { type QuarantineDocument, quarantineProjection } from './quarantine/quarantine.projection.js';
export { type BadRecord, CsvRecords, type CsvSink } from './imports/csv.rules.js';
