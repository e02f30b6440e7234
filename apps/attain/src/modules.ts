import { ForecastingModule } from '@attain/forecasting';
import { IncentivesModule } from '@attain/incentives';
import { PipelineModule } from '@attain/pipeline';
import { PlanningModule } from '@attain/planning';
import { ReportingModule } from '@attain/reporting';

/** The five services in one process. */
export const services = [PlanningModule, PipelineModule, IncentivesModule, ReportingModule, ForecastingModule];
