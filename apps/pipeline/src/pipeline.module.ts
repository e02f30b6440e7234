import { feature, peopleCategories } from '@attain/service';
import { Module } from '@nestjs/common';
import { AccountCommands } from './accounts/account.commands.js';
import { AccountsController } from './accounts/accounts.controller.js';
import { accountsProjection } from './accounts/accounts.projection.js';
import { DealCommands } from './deals/deal.commands.js';
import { DealCommandsController } from './deals/deal-commands.controller.js';
import { DealsController } from './deals/deals.controller.js';
import { dealsProjection } from './deals/deals.projection.js';
import { DealQueries } from './deals/deal.queries.js';
import { FolderImports } from './folder-import/folder-imports.js';
import { FolderImportsController } from './folder-import/folder-imports.controller.js';
import { DEFAULT_FOLDER_LIMITS, FOLDER_LIMITS } from './folder-import/folder-upload.js';
import { Imports } from './imports/imports.js';
import { ImportsController } from './imports/imports.controller.js';
import { importsProjection } from './imports/imports.projection.js';
import { LookupQueries } from './imports/lookup.queries.js';
import { DEFAULT_UPLOAD_LIMIT, UPLOAD_LIMIT, Uploads } from './imports/uploads.js';
import { Previews } from './preview/previews.js';
import { PreviewsController } from './preview/previews.controller.js';
import { Corrections } from './quarantine/corrections.js';
import { QuarantineController } from './quarantine/quarantine.controller.js';
import { quarantineProjection } from './quarantine/quarantine.projection.js';
import { RowBearingQueries } from './quarantine/row-bearing.queries.js';
import { BearingQueries } from './related/bearing.queries.js';
import { RelatedCommands } from './related/related.commands.js';
import { RelatedController } from './related/related.controller.js';
import { relatedProjection } from './related/related.projection.js';
import { SourceCommands } from './sources/source.commands.js';
import { SourcesController } from './sources/sources.controller.js';
import { sourcesProjection } from './sources/sources.projection.js';

/** Categories of the facts that it asks the history about: its commands and queries read streams and read models. */
export const pipelineFacts = peopleCategories;

@Module(
  feature({
    controllers: [
      DealsController,
      DealCommandsController,
      AccountsController,
      RelatedController,
      SourcesController,
      ImportsController,
      FolderImportsController,
      PreviewsController,
      QuarantineController,
    ],
    providers: [
      DealCommands,
      DealQueries,
      AccountCommands,
      RelatedCommands,
      BearingQueries,
      RowBearingQueries,
      SourceCommands,
      Imports,
      FolderImports,
      Previews,
      Corrections,
      LookupQueries,
      Uploads,
      { provide: UPLOAD_LIMIT, useValue: DEFAULT_UPLOAD_LIMIT },
      { provide: FOLDER_LIMITS, useValue: DEFAULT_FOLDER_LIMITS },
    ],
    projections: [
      dealsProjection,
      accountsProjection,
      relatedProjection,
      sourcesProjection,
      importsProjection,
      quarantineProjection,
    ],
  }),
)
export class PipelineModule {}
