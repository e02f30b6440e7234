import { main } from '@attain/service';
import { PipelineModule } from './pipeline.module.js';

await main([PipelineModule], { name: 'pipeline' });
