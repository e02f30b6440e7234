import { Answers, AskedPage, type Caller, type ModelPage, PagedBy, Permit, Reads, Who } from '@attain/service';
import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { ChangeQueries } from './change.queries.js';
import { ChangeRow } from './changes.answers.js';

@ApiTags('audit')
@Controller('changes')
export class ChangesController {
  constructor(@Inject(ChangeQueries) private readonly queries: ChangeQueries) {}

  @Get()
  @Answers(z.object({ rows: z.array(ChangeRow), total: z.int().describe('Rows on all pages.') }))
  @PagedBy({ event: 'event', at: 'at', by: 'by', kind: 'kind', type: 'type', object: 'object' })
  @Permit('changes:read')
  @Reads('changes')
  @ApiOperation({
    operationId: 'listChanges',
    summary: 'Who changed what over everybody, the latest change first, with the value before and after',
    description:
      'Contains values that were replaced since. Of deals it contains the changes by people; an import is one row. Changes of users and keys are ' +
      'for administrators and auditors, all others for finance and auditors.',
  })
  list(
    @Who() caller: Caller,
    @AskedPage() page: ModelPage,
  ): Promise<{ rows: ChangeRow[]; next: string | null; total: number }> {
    return this.queries.list(caller, page);
  }
}
