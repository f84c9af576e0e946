/** JSON Schema validation: one class a draft. */
export { Ajv } from "npm:ajv@8.20.0";
export { Ajv2019 } from "npm:ajv@8.20.0/dist/2019.js";
export { Ajv2020 } from "npm:ajv@8.20.0/dist/2020.js";
export { default as AjvDraft04 } from "npm:ajv-draft-04@1.0.0";
export { default as addFormats } from "npm:ajv-formats@3.0.1";
export type { AnySchema, ErrorObject, ValidateFunction } from "npm:ajv@8.20.0";
