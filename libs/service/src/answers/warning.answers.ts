import { warningAboutSchema, warningSchema } from '@attain/contracts';

export const WarningAnswer = warningSchema
  .extend({
    about: warningAboutSchema.meta({ id: 'WarningAbout', description: 'What the warning is about, by its kind.' }),
  })
  .meta({ id: 'Warning', description: 'Something that is legal and probably a mistake.' });
