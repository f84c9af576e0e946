/**
 * Go's `fmt` over our values: `%v` of anything, `Sprint`, `Sprintln`.
 *
 * @module
 */
import { compareUtf8, decodeUtf8 } from "../bytes.ts";
import { GoBytes, GoComplex, GoInt, GoMap, GoObject, GoSlice, typeOf, types, type Value } from "../value.ts";
import type { GoType } from "../go_type.ts";
import { Flags } from "./flags.ts";
import { formatFloat } from "./float.ts";
import { complexText, floatText, integerText, pointerText } from "./number_text.ts";
import { hexText, stringText } from "./string_text.ts";

/** The value as `%v` prints it: what an action prints, except that a missing value is `<no value>` there. */
export function valueText(value: Value): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return formatFloat(value, "g", -1);
  if (value instanceof GoInt) return String(value.value);
  return verbText(value, "v", new Flags());
}

/** Go's `fmt.Sprint`: a space between two operands when neither is a string. */
export function sprint(values: readonly Value[]): string {
  let out = "";
  let wasString = true;
  for (const value of values) {
    const isString = isStringKind(value);
    if (!isString && !wasString) out += " ";
    out += valueText(value);
    wasString = isString;
  }
  return out;
}

/** Go's `fmt.Sprintln`: a space between all operands, a newline at the end. */
export function sprintln(values: readonly Value[]): string {
  return `${values.map(valueText).join(" ")}\n`;
}

function isStringKind(value: Value): boolean {
  return typeof value === "string" || (value instanceof GoObject && value.type.kind === "string");
}

/** One operand under one verb, as `printf` prints it. */
export function verbText(value: Value, verb: string, flags: Flags): string {
  return new Printer(verb, flags).top(value);
}

/** Whether Go's `fmt` knows the type itself, and looks for no methods. */
function isSimple(value: Value): boolean {
  return typeof value !== "object" || value instanceof GoInt || value instanceof GoBytes ||
    value instanceof GoComplex;
}

const STRING_VERBS = "vsxXq";
/** Kinds that are an address inside. */
const ADDRESSED_KINDS: ReadonlySet<string> = new Set(["map", "slice", "func", "ptr"]);

/** Prints one operand. A bad verb inside a container is reported in place, as Go does. */
class Printer {
  /** While a bad verb is being reported, methods are not called. */
  #reporting = false;
  /** The named value whose plain one is being printed: messages and `%#v` name its type. */
  #named: GoObject | undefined;

  constructor(private readonly verb: string, private readonly flags: Flags) {}

  top(value: Value): string {
    if (value === null) return this.verb === "v" ? this.flags.pad("<nil>") : this.#badVerb(value);
    if (this.verb === "p") return this.#address(value);
    // `%w` is for errors: what has no verb of its own is refused as a whole.
    if (this.verb === "w" && !isSimple(value)) return this.#badVerb(value);
    return this.#print(value, this.verb, 0);
  }

  /** `%p`: where a value is, if it is of a kind that says so. */
  #address(value: Value): string {
    const kind = typeOf(value)?.kind ?? "";
    if (!ADDRESSED_KINDS.has(kind)) return this.#badVerb(value);
    const isNil = (value instanceof GoMap || value instanceof GoSlice) && value.isNil;
    return pointerText(isNil, "p", this.flags) ?? "";
  }

  #badVerb(value: Value): string {
    if (value === null) return `%!${this.verb}(<nil>)`;
    const was = this.#reporting;
    this.#reporting = true;
    const type = this.#typeName(typeOf(value) ?? types.any);
    const text = `%!${this.verb}(${type}=${this.#print(value, "v", 0)})`;
    this.#reporting = was;
    return text;
  }

  /** Name of the type of what is printed now. */
  #typeName(type: GoType): string {
    return this.#named?.type.name ?? type.name;
  }

  #print(value: Value, verb: string, depth: number): string {
    const { flags } = this;
    switch (typeof value) {
      case "string":
        return stringText(value, verb, flags) ?? this.#badVerb(value);
      case "number":
        return floatText(value, verb, flags) ?? this.#badVerb(value);
      case "boolean":
        return verb === "v" || verb === "t" ? flags.pad(String(value)) : this.#badVerb(value);
    }
    if (value === null) return this.#nil(types.any);
    if (value instanceof GoInt) return integerText(value, verb, flags) ?? this.#badVerb(value);
    if (value instanceof GoObject) return this.#object(value, verb, depth);
    if (value instanceof GoMap) return this.#map(value, verb, depth);
    if (value instanceof GoBytes) return this.#bytes(value, verb, depth);
    if (value instanceof GoComplex) return complexText(value, verb, flags) ?? this.#badVerb(value);
    if (Array.isArray(value) || value instanceof GoSlice) return this.#slice(value, verb, depth);
    return pointerText(false, verb, flags) ?? this.#badVerb(value);
  }

  #nil(type: GoType): string {
    return this.flags.sharpV ? `${type.name}(nil)` : "<nil>";
  }

  /** Elements, all under the same verb. */
  #elements(items: Iterable<Value>, verb: string, depth: number): string[] {
    return Array.from(items, (item) => this.#print(item, verb, depth + 1));
  }

  #map(map: GoMap, verb: string, depth: number): string {
    const { sharpV } = this.flags;
    const type = this.#typeName(map.type);
    this.#named = undefined;
    if (sharpV && map.isNil) return `${type}(nil)`;
    const pairs = sortedKeys(map).map((key) =>
      `${this.#print(key, verb, depth + 1)}:${this.#print(map.get(key) ?? null, verb, depth + 1)}`
    );
    return sharpV ? `${type}{${pairs.join(", ")}}` : `map[${pairs.join(" ")}]`;
  }

  #slice(slice: Value[] | GoSlice, verb: string, depth: number): string {
    const items = Array.isArray(slice) ? slice : slice.items;
    const type = this.#typeName(Array.isArray(slice) ? types.slice : slice.type);
    this.#named = undefined;
    if (!this.flags.sharpV) return `[${this.#elements(items, verb, depth).join(" ")}]`;
    if (!Array.isArray(slice) && slice.isNil) return `${type}(nil)`;
    return `${type}{${this.#elements(items, verb, depth).join(", ")}}`;
  }

  #bytes({ bytes }: GoBytes, verb: string, depth: number): string {
    const { flags } = this;
    if (verb === "s" || verb === "q") return stringText(decodeUtf8(bytes), verb, flags) ?? "";
    if (verb === "x" || verb === "X") return hexText(bytes, verb, flags);
    const octets = Array.from(bytes, (byte) => GoInt.of("uint8", byte));
    if (flags.sharpV) {
      const name = depth === 0 && verb === "v" ? "[]byte" : types.bytes.name;
      return `${name}{${this.#elements(octets, verb, depth).join(", ")}}`;
    }
    return `[${this.#elements(octets, verb, depth).join(" ")}]`;
  }

  #object(object: GoObject, verb: string, depth: number): string {
    const { flags } = this;
    if (!flags.sharpV && !this.#reporting && STRING_VERBS.includes(verb)) {
      const text = object.goString();
      if (text !== undefined) return stringText(text, verb, flags) ?? "";
    }
    const syntax = flags.sharpV && !this.#reporting ? object.goSyntax() : undefined;
    if (syntax !== undefined) return stringText(syntax, "s", flags) ?? "";
    const below = object.underlying();
    if (below !== undefined) {
      this.#named = object;
      const text = this.#print(below, verb, depth);
      this.#named = undefined;
      return text;
    }
    if (object.type.kind === "ptr" && (depth > 0 || object.isNil)) {
      if (flags.sharpV && verb === "v") return `(${object.type.name})(${pointerText(object.isNil, verb, flags)})`;
      return pointerText(object.isNil, verb, flags) ?? this.#badVerb(object);
    }
    const named = flags.plusV || flags.sharpV;
    const fields = object.printedFields().map(([name, value]) => {
      const text = this.#print(value, verb, depth + 1);
      return named ? `${name}:${text}` : text;
    });
    const mark = object.type.kind === "ptr" ? "&" : "";
    const name = flags.sharpV ? object.type.name.replace(/^\*/, "") : "";
    return `${mark}${name}{${fields.join(flags.sharpV ? ", " : " ")}}`;
  }
}

/** The keys of a map in Go's order: by bytes. */
export function sortedKeys(map: ReadonlyMap<string, unknown>): string[] {
  return Array.from(map.keys()).sort(compareUtf8);
}
