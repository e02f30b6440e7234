import { terms } from '@attain/service';
import { z } from 'zod';

export const Amounts = z
  .object({
    point: z.string().meta({ description: 'What is expected.', examples: ['10500.00'] }),
    lower: z.string().meta({ description: 'The lower end of the interval.', examples: ['8700.00'] }),
    upper: z.string().meta({ description: 'The upper end of the interval.', examples: ['12300.00'] }),
  })
  .meta({ id: 'Amounts', description: 'An expected amount with its interval.' });
export type Amounts = z.infer<typeof Amounts>;

export const BackTest = z
  .object({
    origins: z.int().describe('Origins forecast from, each from what came before it alone.'),
    mase: z
      .number()
      .describe('Mean |y − f| ÷ mean |y_t − y_(t−1)| before the origin; null where the series never moves.')
      .nullable(),
    relative: z
      .number()
      .describe(
        'Mean |y − f| ÷ mean |y − the last value before the origin|, same origins and steps: below 1 it beats "as last time". Null where that never errs.',
      )
      .nullable(),
    smape: z.number().describe('Mean of 200 · |y − f| ÷ (|y| + |f|), in percent; a step of 0 forecast as 0 counts 0.'),
    mape: z.number().describe('Mean of 100 · |y − f| ÷ |y|, in percent; null when some y is 0.').nullable(),
    bias: z.number().describe('Mean of f − y, in the unit of the series: above 0 the forecast is too high.'),
    coverage: z
      .object({
        promised: z.number(),
        model: z.number(),
        calibrated: z.number().nullable(),
      })
      .describe(
        'Share of outcomes inside the interval: as promised, the model’s own, and calibrated on earlier origins alone (null: too few).',
      ),
    total: z
      .object({
        origins: z.int(),
        mape: z.number().nullable(),
        coverage: z.object({
          model: z.number(),
          calibrated: z.number().nullable(),
        }),
      })
      .describe('The same of the sum over the horizon.'),
  })
  .meta({ id: 'BackTest', description: 'What a way of forecasting would have missed by.' });
export type BackTest = z.infer<typeof BackTest>;

export const Forecast = z
  .object({
    for: terms.holder,
    measure: terms.measure,
    currency: terms.currency.nullable(),
    every: z.enum(['week', 'month']),
    history: z
      .object({
        from: terms.day.nullable(),
        to: terms.day.nullable(),
        buckets: z.int(),
        total: terms.amount,
      })
      .describe('What it follows from: whole weeks or months, from the first to the last.'),
    model: z
      .string()
      .meta({ description: 'The model of the forecast.', examples: ['AutoETS'] })
      .nullable(),
    steps: z.array(
      z.object({
        point: z.string().meta({ description: 'What is expected.', examples: ['10500.00'] }),
        lower: z.string().meta({ description: 'The lower end of the interval.', examples: ['8700.00'] }),
        upper: z.string().meta({ description: 'The upper end of the interval.', examples: ['12300.00'] }),
        from: terms.day,
        to: terms.day,
      }),
    ),
    total: Amounts.describe('Of all steps; its interval is narrower than the sum of theirs.').nullable(),
    level: z.number(),
    error: BackTest.describe(
      'What this way of forecasting would have missed by, from every earlier point of this history.',
    ).nullable(),
    none: z
      .object({
        code: z.enum(['TOO_LITTLE_HISTORY', 'NO_MODEL_FITS']),
        detail: terms.detail,
      })
      .describe('Why there is no forecast.')
      .nullable(),
  })
  .meta({ id: 'Forecast', description: 'Amounts are decimal text in `currency`, or plain numbers if that is null.' });
export type Forecast = z.infer<typeof Forecast>;

export const Forecasts = z
  .object({
    rows: z.array(Forecast),
    hidden: z.int().describe('Groups with somebody in them whom the caller does not see on each day of their history.'),
    source: z.object({
      report: z.literal('forecast'),
      parameters: z.record(z.string(), z.string()),
      position: terms.position,
      rows: z.int(),
      totalOf: z.literal('history'),
      controlTotal: z.record(z.string(), z.string()),
    }),
  })
  .meta({ id: 'Forecasts', description: 'Forecasts with their intervals and errors.' });
export type Forecasts = z.infer<typeof Forecasts>;
