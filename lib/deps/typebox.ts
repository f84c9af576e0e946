/** JSON Schema and a TypeScript type from one literal. */
export { Type } from "npm:@sinclair/typebox@0.34.52";
export type { Static, TObject, TOptional, TSchema, TString } from "npm:@sinclair/typebox@0.34.52";
