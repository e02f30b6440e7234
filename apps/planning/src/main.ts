import { main } from '@attain/service';
import { PlanningModule } from './planning.module.js';

await main([PlanningModule], { name: 'planning' });
