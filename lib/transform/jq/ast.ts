/** A parsed jq expression. */
export type Node =
  | { readonly kind: "identity" }
  | { readonly kind: "recurse" }
  | { readonly kind: "literal"; readonly value: null | boolean | number | string }
  | { readonly kind: "string"; readonly parts: readonly (string | Node)[]; readonly format: string | undefined }
  | { readonly kind: "format"; readonly name: string }
  | { readonly kind: "index"; readonly target: Node; readonly key: Node }
  | { readonly kind: "slice"; readonly target: Node; readonly from: Node | undefined; readonly to: Node | undefined }
  | { readonly kind: "iterate"; readonly target: Node }
  | { readonly kind: "array"; readonly body: Node | undefined }
  | { readonly kind: "object"; readonly entries: readonly { readonly key: Node; readonly value: Node }[] }
  | { readonly kind: "negate"; readonly operand: Node }
  | { readonly kind: "pipe" | "comma"; readonly left: Node; readonly right: Node }
  | { readonly kind: "binary"; readonly operator: string; readonly left: Node; readonly right: Node }
  | { readonly kind: "assign"; readonly operator: string; readonly left: Node; readonly right: Node }
  | { readonly kind: "if"; readonly condition: Node; readonly then: Node; readonly otherwise: Node }
  | { readonly kind: "try"; readonly body: Node; readonly handler: Node | undefined }
  | {
    readonly kind: "reduce";
    readonly source: Node;
    readonly pattern: Pattern;
    readonly init: Node;
    readonly update: Node;
  }
  | {
    readonly kind: "foreach";
    readonly source: Node;
    readonly pattern: Pattern;
    readonly init: Node;
    readonly update: Node;
    readonly extract: Node;
  }
  | { readonly kind: "bind"; readonly source: Node; readonly patterns: readonly Pattern[]; readonly body: Node }
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "define"; readonly definition: Definition; readonly body: Node }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Node[] }
  | { readonly kind: "label"; readonly name: string; readonly body: Node }
  | { readonly kind: "break"; readonly name: string };

/** What `as` takes apart. */
export type Pattern =
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "array"; readonly items: readonly Pattern[] }
  | {
    readonly kind: "object";
    readonly entries: readonly {
      readonly key: Node;
      readonly bind: string | undefined;
      readonly value: Pattern | undefined;
    }[];
  };

/** `def name(params): body;` */
export interface Definition {
  readonly name: string;
  /** Names of the parameters; those with `$` are values. */
  readonly params: readonly string[];
  readonly body: Node;
}

/** Names of the variables that a pattern binds. */
export function variablesOf(pattern: Pattern): string[] {
  if (pattern.kind === "variable") return [pattern.name];
  if (pattern.kind === "array") return pattern.items.flatMap(variablesOf);
  return pattern.entries.flatMap(({ bind, value }) => [
    ...(bind === undefined ? [] : [bind]),
    ...(value === undefined ? [] : variablesOf(value)),
  ]);
}
