import { main } from '@attain/service';
import { IncentivesModule } from './incentives.module.js';

await main([IncentivesModule], { name: 'incentives' });
