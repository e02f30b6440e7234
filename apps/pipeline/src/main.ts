import { main } from '@attain/service';
import { pipelineFacts, PipelineModule } from './pipeline.module.js';

await main([PipelineModule], { name: 'pipeline', facts: pipelineFacts });
