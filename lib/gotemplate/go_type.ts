/**
 * Go's types as interned descriptors: two types are identical exactly when their descriptors are the same object.
 *
 * @module
 */

/** Go's kinds (`reflect.Kind`), spelled as `kindOf` prints them. */
export type Kind =
  | "bool"
  | IntKind
  | "float64"
  | "complex128"
  | "string"
  | "interface"
  | "slice"
  | "map"
  | "struct"
  | "ptr"
  | "func";

/** The integer kinds. */
export type IntKind =
  | "int"
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "uint"
  | "uint8"
  | "uint16"
  | "uint32"
  | "uint64";

/**
 * A Go type. `T` is the TypeScript type that a value of this Go type has in our value model; it exists for inference only.
 */
export interface GoType<out T = unknown> {
  /** As `%T` prints it: `map[string]interface {}`, `[]uint8`, `*semver.Version`, `time.Duration`. */
  readonly name: string;
  /** What the type is made of. */
  readonly kind: Kind;
  /** Element type of slices, maps and pointers. */
  readonly elem?: GoType;
  /** Key type of maps. */
  readonly key?: GoType;
  /** Never set: carries `T` for inference. */
  readonly native?: T;
}

/** The TypeScript type behind a descriptor. */
export type NativeOf<G> = G extends GoType<infer T> ? T : never;

const interned = new Map<string, GoType>();

/**
 * The descriptor of that name, made at the first use. A named type (`time.Time`) gives its kind; asking for the same
 * name with another kind throws, because Go would call these two types.
 */
export function internType<T>(
  name: string,
  kind: Kind,
  parts: { elem?: GoType; key?: GoType } = {},
): GoType<T> {
  const known = interned.get(name);
  if (known === undefined) {
    const made: GoType<T> = Object.freeze({ name, kind, ...parts });
    interned.set(name, made);
    return made;
  }
  if (known.kind !== kind) throw new TypeError(`Go type "${name}" is already defined with kind "${known.kind}"`);
  return known as GoType<T>;
}
