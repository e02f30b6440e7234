import { main } from '@attain/service';
import { ForecastingModule } from './forecasting.module.js';

await main([ForecastingModule], { name: 'forecasting' });
