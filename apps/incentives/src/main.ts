import { main } from '@attain/service';
import { incentivesFacts, IncentivesModule } from './incentives.module.js';

await main([IncentivesModule], { name: 'incentives', facts: incentivesFacts });
