/** values.schema.json as Helm judges it: the verdict is ajv's, the words are those of Helm's own validator. */
export { SchemaError } from "./errors.ts";
export { schemaComplaint } from "./validator.ts";
