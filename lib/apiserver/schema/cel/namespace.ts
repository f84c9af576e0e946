/** Functions with a dotted name, as `sets.contains(…)`: methods of a constant that stands for the first part. */
import type { cel } from "../../../deps/cel.ts";

type Environment = InstanceType<typeof cel.Environment>;

/** The constant: it has methods and nothing else. */
export interface Namespace {
  readonly namespace: string;
}

/** Adds the constant `name`, of type `kubernetes.Name`, for functions to be registered at. */
export function registerNamespace(env: Environment, name: string): string {
  const type = `kubernetes.${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const ctor = class implements Namespace {
    readonly namespace = name;
  };
  env.registerType(type, { ctor, fields: {} });
  env.registerConstant(name, type, new ctor());
  return type;
}
