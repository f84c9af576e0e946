import type { Json } from "../json.ts";
import type { Definition, Node } from "./ast.ts";

/** What a name means. */
export type Binding =
  | { readonly kind: "variable"; readonly value: Json }
  | { readonly kind: "label"; readonly label: symbol }
  | { readonly kind: "closure"; readonly body: Node; readonly env: Environment }
  | { readonly kind: "function"; readonly definition: Definition };

/** Names in scope, innermost first. A function sees the environment in which it is bound, itself included. */
export interface Environment {
  readonly key: string;
  readonly binding: Binding;
  readonly outer: Environment | undefined;
}

/** An environment with one more name. */
export function bound(outer: Environment | undefined, key: string, binding: Binding): Environment {
  return { key, binding, outer };
}

/** The environment in which a name is bound; `undefined` when it is not. */
export function findBinding(env: Environment | undefined, key: string): Environment | undefined {
  for (let at = env; at !== undefined; at = at.outer) if (at.key === key) return at;
  return undefined;
}
