import { companySchema } from '@attain/contracts';

export const Company = companySchema.meta({
  id: 'Company',
  description: 'company.yaml as JSON.',
  examples: [{ attain: '1', company: 'Maven Hardware', currency: 'USD', timeZone: 'America/New_York' }],
});
