/** Common Expression Language, for `x-kubernetes-validations` and admission policies. */
export * as cel from "npm:@marcbachmann/cel-js@8.0.0";
