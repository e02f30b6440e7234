import { Answers, Permit, rowsOf } from '@attain/service';
import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { TemplateQueries } from './template.queries.js';
import { PlanTemplate } from './templates.answers.js';

@ApiTags('plans')
@Controller('templates')
export class TemplatesController {
  constructor(@Inject(TemplateQueries) private readonly templates: TemplateQueries) {}

  @Get()
  @Answers(rowsOf(PlanTemplate))
  @Permit('plans:read')
  @ApiOperation({
    operationId: 'listTemplates',
    summary: 'The typical plans that come with the product, with what each needs of the company',
  })
  list(): { rows: PlanTemplate[] } {
    return { rows: this.templates.all() };
  }
}
