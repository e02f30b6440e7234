/** Place of an error inside a document: keys and indexes. */
export interface Problem {
  path: (string | number)[];
  /** `not-supported` | `unknown-name` | `type` | `syntax` | `missing` | `example` | … */
  code: string;
  message: string;
}
