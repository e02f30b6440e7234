import { main } from '@attain/service';
import { ReportingModule } from './reporting.module.js';

await main([ReportingModule], { name: 'reporting' });
