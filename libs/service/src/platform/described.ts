import type { Type } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { getMetadataStorage } from 'class-validator';

type Schema = Record<string, unknown>;

// The JSON Schema of each rule of class-validator; rules without an equivalent are described by their `message`.
const words: Readonly<Record<string, (constraints: readonly unknown[]) => Schema>> = {
  isString: () => ({ type: 'string' }),
  isInt: () => ({ type: 'integer' }),
  isNumber: () => ({ type: 'number' }),
  isBoolean: () => ({ type: 'boolean' }),
  isObject: () => ({ type: 'object' }),
  isArray: () => ({ type: 'array' }),
  isNotEmpty: () => ({ minLength: 1 }),
  isDay: () => ({ type: 'string', format: 'date' }),
  isDayOrInstant: () => ({ type: 'string' }),
  isId: ([longest]) => ({ type: 'string', minLength: 1, maxLength: longest }),
  isAmount: ([pattern]) => ({ type: 'string', pattern }),
  isPeriodName: ([pattern]) => ({ type: 'string', pattern }),
  isCurrencyCode: () => ({ type: 'string', pattern: '^[A-Z]{3}$' }),
  isIn: ([values]) => ({ enum: values }),
  isEnum: ([values]) => ({ enum: Object.values(values as object) }),
  isLength: ([min, max]) => ({ minLength: min, ...(max !== undefined && { maxLength: max }) }),
  minLength: ([min]) => ({ minLength: min }),
  maxLength: ([max]) => ({ maxLength: max }),
  min: ([min]) => ({ minimum: min }),
  max: ([max]) => ({ maximum: max }),
  matches: ([pattern]) => ({ type: 'string', pattern: pattern instanceof RegExp ? pattern.source : String(pattern) }),
  arrayMinSize: ([min]) => ({ minItems: min }),
  arrayMaxSize: ([max]) => ({ maxItems: max }),
  arrayUnique: () => ({ uniqueItems: true }),
};

/** Adds the validation rules of a DTO to the API's description; @ApiProperty adds the rest. */
export function describe(dto: Type): void {
  const rules = getMetadataStorage().getTargetValidationMetadatas(dto, '', true, false);
  for (const [property, of] of Map.groupBy(rules, (rule) => rule.propertyName)) {
    const schema: Schema = {};
    const items: Schema = {};
    let required = true;
    for (const { name, each, constraints } of of) {
      if (name === 'isOptional') required = false;
      Object.assign(each ? items : schema, words[name ?? '']?.(constraints ?? []));
    }
    const declared = Reflect.getMetadata('swagger/apiModelProperties', dto.prototype as object, property) as
      Schema | undefined;
    const options = { required, ...schema, ...(Object.keys(items).length > 0 && { items }), ...declared };
    ApiProperty(options as ApiPropertyOptions)(dto.prototype as object, property);
  }
}
