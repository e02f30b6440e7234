import { feature, peopleCategories } from '@attain/service';
import { Module } from '@nestjs/common';
import { CalendarController } from './calendar/calendar.controller.js';
import { closedPeriodsProjection } from './calendar/calendar.projection.js';
import { CalendarQueries } from './calendar/calendar.queries.js';
import { CompanyCommands } from './company/company.commands.js';
import { CompanyController } from './company/company.controller.js';
import { UsesOfCompany } from './company/company-uses.js';
import { CompanyQueries } from './company/company.queries.js';
import { FolderParts } from './folder-import/folder-parts.js';
import { LeaveCommands } from './leaves/leave.commands.js';
import { LeavesController } from './leaves/leaves.controller.js';
import { leavesProjection } from './leaves/leaves.projection.js';
import { LeaveQueries } from './leaves/leave.queries.js';
import { ObjectiveCommands } from './objectives/objective.commands.js';
import { ObjectivesController } from './objectives/objectives.controller.js';
import { objectivesProjection } from './objectives/objectives.projection.js';
import { ObjectiveQueries } from './objectives/objective.queries.js';
import { ScoreCommands } from './scores/score.commands.js';
import { ScoresController } from './scores/scores.controller.js';
import { scoresProjection } from './scores/scores.projection.js';
import { ScoreQueries } from './scores/score.queries.js';
import { ParticipantCommands } from './participants/participant.commands.js';
import { ParticipantsController } from './participants/participants.controller.js';
import { participantsProjection } from './participants/participants.projection.js';
import { ParticipantQueries } from './participants/participant.queries.js';
import { PlanningRows } from './planning-rows.js';
import { QuotaCommands } from './quotas/quota.commands.js';
import { QuotasController } from './quotas/quotas.controller.js';
import { quotasProjection } from './quotas/quotas.projection.js';
import { QuotaQueries } from './quotas/quota.queries.js';
import { RateCommands } from './rates/rate.commands.js';
import { RatesController } from './rates/rates.controller.js';
import { RelationCommands } from './relations/relation.commands.js';
import { RelationsController } from './relations/relations.controller.js';

/** Categories of the facts that it asks the history about: no command and no query of it reads a deal. */
export const planningFacts = peopleCategories;

@Module(
  feature({
    controllers: [
      ParticipantsController,
      RelationsController,
      LeavesController,
      QuotasController,
      ObjectivesController,
      ScoresController,
      RatesController,
      CompanyController,
      CalendarController,
    ],
    providers: [
      ParticipantCommands,
      ParticipantQueries,
      RelationCommands,
      LeaveCommands,
      LeaveQueries,
      QuotaCommands,
      QuotaQueries,
      ObjectiveCommands,
      ObjectiveQueries,
      ScoreCommands,
      ScoreQueries,
      RateCommands,
      CompanyCommands,
      CompanyQueries,
      UsesOfCompany,
      CalendarQueries,
      PlanningRows,
      FolderParts,
    ],
    projections: [
      participantsProjection,
      quotasProjection,
      leavesProjection,
      objectivesProjection,
      scoresProjection,
      closedPeriodsProjection,
    ],
  }),
)
export class PlanningModule {}
