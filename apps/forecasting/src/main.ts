import { main } from '@attain/service';
import { forecastingFacts, ForecastingModule } from './forecasting.module.js';

await main([ForecastingModule], { name: 'forecasting', facts: forecastingFacts });
