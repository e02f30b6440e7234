export { ApprovalCommands, type Approved } from './approvals/approval.commands.js';
export { AdjustmentCommands } from './adjustments/adjustment.commands.js';
export * from './differences/difference.queries.js';
export * from './earned/earned.queries.js';
export * from './exceptions/exception.queries.js';
export * from './incentives.module.js';
export { LateChangeCommands } from './late-changes/late-change.commands.js';
export * from './late-changes/late-change.queries.js';
export type { OpenException } from './periods/closing.rules.js';
export * from './periods/closing.queries.js';
export { type Closed, PeriodCommands } from './periods/period.commands.js';
export * from './periods/period.queries.js';
export { PlanCommands, type Published } from './plans/plan.commands.js';
export type { PublishedWithWarnings } from './plans/plans.answers.js';
export * from './plans/plan.queries.js';
export { changesBetween } from './plans/plan-diff.rules.js';
export { planSentences } from './plans/plan-sentences.rules.js';
export type { PlanVersion } from './plans/plan-versions.projection.js';
export * from './rows/row.queries.js';
export * from './statements/paid-statement.queries.js';
export { SignatureCommands } from './signatures/signature.commands.js';
export { Facts, type StatedFact } from './statements/facts.js';
export { issuedStatementsProjection } from './statements/issued-statements.projection.js';
export {
  joined,
  isWhole,
  type Parts,
  partsOf,
  type StatementEvent,
  withPart,
} from './statements/statement-parts.rules.js';
export { issuedIn, JoinedStatements } from './statements/stored-statements.js';
export * from './statements/statement.queries.js';
export { type Anchor, type CheckedAnchor } from './verify/anchor.rules.js';
export { Anchors, anchorsIn, readAnchor, writeAnchor } from './verify/anchors.js';
export type { Discrepancy } from './verify/compare.rules.js';
export * from './verify/verification.js';
export * from './units/unit.queries.js';
export * from './warnings/warning.queries.js';
export { type Unasked, wasAsked } from './verify/other-services.js';
export { libraryFolder, type LibraryPlan, libraryPlans } from './templates/plan-library.js';
