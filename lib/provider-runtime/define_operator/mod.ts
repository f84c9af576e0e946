/** Operators from a schema and four functions. */
export { defineOperator } from "./define_operator.ts";
export { DefinitionError, type DefinitionReason } from "./definition_error.ts";
export { secretRef } from "./secrets.ts";
export type {
  Column,
  DeployOptions,
  Operator,
  OperatorCall,
  OperatorDefinition,
  OperatorObject,
  OperatorObservation,
  OperatorOptions,
  RunOptions,
  SecretRef,
} from "./types.ts";
export { type Static, type TObject, type TSchema, Type } from "../../deps/typebox.ts";
