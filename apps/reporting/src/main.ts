import { builtPage, main } from '@attain/service';
import { reportingFacts, ReportingModule } from './reporting.module.js';

await main([ReportingModule], { name: 'reporting', facts: reportingFacts, page: builtPage(import.meta.url) });
