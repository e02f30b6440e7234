export { Answers, AnswersFile, AnswersText, nothing, Refuses } from './answers/answers.js';
export { Effect } from './answers/outcome.answers.js';
export { FieldError } from './answers/problem.answers.js';
export { RecordRef, rowsOf, terms } from './answers/terms.js';
export { undescribed } from './answers/undescribed.rules.js';
export { WarningAnswer } from './answers/warning.answers.js';
export { type Alarm, Alarms } from './alarms.js';
export { type ClockState } from './clock/clock-guard.js';
export { type SecondClock } from './clock/second-clock.js';
export { AsOf, checkNear, cutOf, periodNamed } from './as-of.js';
export { EventTransport } from './event-transport.js';
export { BadConfig, CONFIG, type Config, type Setting } from './config.js';
export { IsAmount, IsCurrencyCode, IsDay, IsDayOrInstant, IsId, IsPeriodName } from './edge.validation.js';
export { IsTextMap } from './text-map.validation.js';
export type { AnyProjection, PolicyDeclaration, Reacting } from './declarations.js';
export { feature, type Feature } from './feature.js';
export { Hierarchy } from './hierarchy.js';
export { type Entered, enteredBy, importing, keptAsEntered, lastEntered } from './folder-import/entered.js';
export {
  type CompanyAnswer,
  type CompanyOrder,
  FOLDER_COMPANY,
  FOLDER_PLANS,
  FOLDER_ROWS,
  type FolderKind,
  type KeptRow,
  type PlansAnswer,
  type PlansOrder,
  refusalIn,
  type RowsAnswer,
  type RowsOrder,
} from './folder-import/orders.js';
export { fromProblem, type HandedProblem } from './handover/handed-problem.js';
export { Handovers, type HandoverWatch, type Taking } from './handover/handovers.js';
export { Parcels } from './handover/parcels.js';
export type { FedHistory } from './fed-history.js';
export { historyCategories, peopleCategories } from './history-feed.js';
export type { Link } from './home/links.js';
export { type Caller, may, maySpeakFor } from './identity/caller.js';
export type { KeyRow } from './identity/keys.js';
export { Sessions } from './identity/sessions.js';
export type { SessionView } from './identity/sign-ins.js';
export type { Demo } from './identity/demo.js';
export type { Changed, PendingChange, User, UserChange } from './identity/users.js';
export { allowed, type Permission, permissions, type Role, roles } from './identity/roles.js';
export { KeptTable } from './kept-table.js';
export { createInstance, type Instance, type InstanceOptions } from './instance.js';
export { JobView } from './jobs/jobs.answers.js';
export { Jobs, type JobStart, Stopping, type Working } from './jobs/jobs.js';
export { checked as checkedConfig, main } from './main.js';
export { dateOfDeal, datesOfDeals } from './deal-dates.rules.js';
export { LOG, type Log } from './log.js';
export { Names } from './names.js';
export { type Missing, notFound, seesEverybody } from './not-found.js';
export { ForeignModels, Malformed, NotReady, OutOfScope, type Problem } from './problem.js';
export { Command, CommandContext, Permit, Public, Reads, Who } from './route.js';
export { compareModelsOf, serviceNames } from './platform/model-comparisons.js';
export { ModelComparison, ProcessComparison } from './platform/platform.answers.js';
export type { ModelRow } from './platform/models.controller.js';
export { openApiOf } from './platform/openapi.js';
export { builtPage } from './platform/page.js';
export { Progress } from './progress.js';
export { because, MayStateReason, MustStateReason, Reason } from './reason.dto.js';
export { forgetStrayRelay, type ServedRelay, serveRelay } from './relay.js';
export { type Route, routesOf } from './routes.js';
export { AskedPage, ModelPage, PagedBy } from './tables/model-page.js';
export { everybody, type RowDate, type Scope, Scopes } from './scope.js';
export { shownRows } from './shown-rows.js';
export { type Lookup, serve, type Served, type ServedModules, type ServeOptions } from './serve.js';
export { always, type Days, type Spans } from './spans.rules.js';
export { type Group, type Grouping, groupings, groupsOf, type Membership, peopleOf } from './groups.rules.js';
export { maySeeSum } from './sums.rules.js';
export { versioned } from './version.js';
export { inTurns, Turns } from '@attain/eventsourcing';
export { ofOnePosition, type Others } from './one-position.js';
export {
  CLOCK,
  EVENT_BUS,
  EVENT_STORE,
  EXECUTOR,
  HISTORY,
  type Provided,
  READ_MODELS,
  TOPOLOGY,
  type Topology,
} from './tokens.js';
