/** values.schema.json as Helm judges it, in the words of its validator; ajv says yes sooner where a schema is used again. */
export { SchemaError } from "./errors.ts";
export { schemaComplaint } from "./validator.ts";
