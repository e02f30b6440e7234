import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { Imports } from '@attain/pipeline';
import { PlanningRows } from '@attain/planning';

/** Where planning and pipeline run in one process, an export of people, quotas or leaves is handed over to planning's commands. */
@Module({})
export class PlanningImportsModule implements OnModuleInit {
  constructor(@Inject(ModuleRef) private readonly services: ModuleRef) {}

  onModuleInit(): void {
    const imports = this.services.get(Imports, { strict: false });
    const planning = this.services.get(PlanningRows, { strict: false });
    imports.take('people', (rows, options, context) => planning.people(rows, options, context));
    imports.take('quotas', (rows, options, context) => planning.quotaRows(rows, options, context));
    imports.take('leaves', (rows, { source, ...options }, context) => planning.leaveRows(source, rows, options, context));
  }
}
