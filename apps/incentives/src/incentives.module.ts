import { Module } from '@nestjs/common';
import { feature, historyCategories } from '@attain/service';
import { ApprovalCommands } from './approvals/approval.commands.js';
import { ApprovalsController } from './approvals/approvals.controller.js';
import { AdjustmentCommands } from './adjustments/adjustment.commands.js';
import { AdjustmentsController } from './adjustments/adjustments.controller.js';
import { adjustmentsProjection } from './adjustments/adjustments.projection.js';
import { DifferenceQueries } from './differences/difference.queries.js';
import { DifferencesController } from './differences/differences.controller.js';
import { DraftQueries } from './drafts/draft.queries.js';
import { DraftsController } from './drafts/drafts.controller.js';
import { PlanCostQueries } from './drafts/plan-cost.queries.js';
import { EarnedController } from './earned/earned.controller.js';
import { EarnedQueries } from './earned/earned.queries.js';
import { EstimateQueries } from './estimates/estimate.queries.js';
import { EstimatesController } from './estimates/estimates.controller.js';
import { acceptedExceptionsProjection } from './exceptions/accepted-exceptions.projection.js';
import { ExceptionQueries } from './exceptions/exception.queries.js';
import { ExceptionsController } from './exceptions/exceptions.controller.js';
import { ClosingQueries } from './periods/closing.queries.js';
import { LateChangeCommands } from './late-changes/late-change.commands.js';
import { LateChangeQueries } from './late-changes/late-change.queries.js';
import { LateChangesController } from './late-changes/late-changes.controller.js';
import { lateChangesProjection } from './late-changes/late-changes.projection.js';
import { PeriodCommands } from './periods/period.commands.js';
import { PeriodQueries } from './periods/period.queries.js';
import { PeriodsController } from './periods/periods.controller.js';
import { closedPeriodsProjection } from './periods/periods.projection.js';
import { CompanyNow } from './plans/company-now.js';
import { FolderPlans } from './plans/folder-plans.js';
import { PlanCommands } from './plans/plan.commands.js';
import { PlanQueries } from './plans/plan.queries.js';
import { planVersionsProjection } from './plans/plan-versions.projection.js';
import { PlansController } from './plans/plans.controller.js';
import { RowQueries } from './rows/row.queries.js';
import { RowsController } from './rows/rows.controller.js';
import { SignatureCommands } from './signatures/signature.commands.js';
import { signaturesProjection } from './signatures/signatures.projection.js';
import { SignaturesController } from './signatures/signatures.controller.js';
import { Facts } from './statements/facts.js';
import { IssueStatements } from './statements/issue-statements.policy.js';
import { issuedStatementsProjection } from './statements/issued-statements.projection.js';
import { PaidStatementQueries } from './statements/paid-statement.queries.js';
import { StatementQueries } from './statements/statement.queries.js';
import { StatementsController } from './statements/statements.controller.js';
import { TemplateQueries } from './templates/template.queries.js';
import { TemplatesController } from './templates/templates.controller.js';
import { TierQueries } from './tiers/tier.queries.js';
import { TiersController } from './tiers/tiers.controller.js';
import { UnitQueries } from './units/unit.queries.js';
import { UnitsController } from './units/units.controller.js';
import { Anchors } from './verify/anchors.js';
import { WriteAnchors } from './verify/write-anchors.policy.js';
import { OtherServices } from './verify/other-services.js';
import { Verification } from './verify/verification.js';
import { VerificationJobs } from './verify/verification-jobs.js';
import { VerificationController } from './verify/verification.controller.js';
import { WarningQueries } from './warnings/warning.queries.js';
import { WarningsController } from './warnings/warnings.controller.js';

const asked = [
  AdjustmentCommands,
  ApprovalCommands,
  LateChangeCommands,
  LateChangeQueries,
  SignatureCommands,
  PlanCommands,
  PlanQueries,
  DraftQueries,
  PlanCostQueries,
  TemplateQueries,
  PeriodCommands,
  PeriodQueries,
  ClosingQueries,
  StatementQueries,
  PaidStatementQueries,
  EarnedQueries,
  EstimateQueries,
  TierQueries,
  DifferenceQueries,
  ExceptionQueries,
  RowQueries,
  UnitQueries,
  Anchors,
  OtherServices,
  Verification,
  WarningQueries,
];

/** Categories of the facts that it asks the history about: its numbers depend on all facts that pay depends on. */
export const incentivesFacts = historyCategories;

@Module(
  feature({
    controllers: [
      DraftsController,
      PlansController,
      TemplatesController,
      SignaturesController,
      AdjustmentsController,
      LateChangesController,
      PeriodsController,
      StatementsController,
      EarnedController,
      EstimatesController,
      TiersController,
      DifferencesController,
      ExceptionsController,
      RowsController,
      UnitsController,
      ApprovalsController,
      VerificationController,
      WarningsController,
    ],
    providers: [...asked, CompanyNow, FolderPlans, Facts, VerificationJobs],
    exports: asked,
    projections: [
      planVersionsProjection,
      signaturesProjection,
      adjustmentsProjection,
      lateChangesProjection,
      closedPeriodsProjection,
      acceptedExceptionsProjection,
      issuedStatementsProjection,
    ],
    policies: [
      { name: 'issue-statements', version: 1, categories: ['period'], by: IssueStatements },
      { name: 'write-anchors', version: 1, categories: ['period'], by: WriteAnchors },
    ],
  }),
)
export class IncentivesModule {}
