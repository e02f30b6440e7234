import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

const ajv = new Ajv2020({ strict: true, strictTypes: false });
formats.default(ajv);

/** Problems of a value by a JSON Schema (draft 2020-12) in an independent validator; none if the value is valid. Caches compiled schemas by `$id`. */
export function problemsBy(schema: { $id?: string }): (value: unknown) => string[] {
  const validate = (schema.$id && ajv.getSchema(schema.$id)) || ajv.compile(schema);
  return (value) =>
    validate(value) ? [] : validate.errors!.map(({ instancePath, message }) => `${instancePath}: ${message}`);
}
