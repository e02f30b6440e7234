import { main } from '@attain/service';
import { planningFacts, PlanningModule } from './planning.module.js';

await main([PlanningModule], { name: 'planning', facts: planningFacts });
