import { YamlError } from "./errors.ts";

/** What a plain scalar turned out to be. Integers keep their text form until it is known whether they are keys. */
export type ResolvedScalar =
  | { readonly tag: "str" | "timestamp"; readonly value: string }
  | { readonly tag: "bool"; readonly value: boolean }
  | { readonly tag: "null"; readonly value: null }
  | { readonly tag: "int"; readonly value: bigint }
  | { readonly tag: "float"; readonly value: number };

const WORDS: ReadonlyMap<string, ResolvedScalar> = new Map([
  ...words({ tag: "bool", value: true }, "y Y yes Yes YES true True TRUE on On ON"),
  ...words({ tag: "bool", value: false }, "n N no No NO false False FALSE off Off OFF"),
  ...words({ tag: "null", value: null }, " ~ null Null NULL"),
  ...words({ tag: "float", value: NaN }, ".nan .NaN .NAN"),
  ...words({ tag: "float", value: Infinity }, ".inf .Inf .INF +.inf +.Inf +.INF"),
  ...words({ tag: "float", value: -Infinity }, "-.inf -.Inf -.INF"),
]);

/** The YAML 1.1 booleans that are no longer ones in YAML 1.2; go-yaml v3 reads them as strings but quotes them. */
const OLD_BOOLEANS = new Set("y Y yes Yes YES on On ON n N no No NO off Off OFF".split(" "));

const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const BASE_60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const INTEGER = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/;
/** Day and month may have one digit; a time needs `T` and a zone, or a space and no zone. */
const TIMESTAMP =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:[Tt](\d\d?):(\d\d?):(\d\d?)(?:[.,]\d+)?(?:Z|[-+]\d\d:\d\d)| (\d\d?):(\d\d?):(\d\d?)(?:[.,]\d+)?)?$/;

const INT64_MIN = -(2n ** 63n);
const UINT64_MAX = 2n ** 64n - 1n;

/**
 * Resolves a plain scalar as Go's yaml.v2 does: YAML 1.1 words, integers in bases 2, 8, 10 and 16 with underscores,
 * floats, timestamps; everything else, base-60 numbers included, is a string.
 */
export function resolveScalar(text: string): ResolvedScalar {
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  const first = text.charCodeAt(0);
  if (first === 0x2e) return pointFirst(text);
  if (!(first === 0x2b || first === 0x2d || (first >= 0x30 && first <= 0x39))) return { tag: "str", value: text };
  return number(text) ?? { tag: "str", value: text };
}

/** Whether the emitter may write `text` without quotes: unquoted it would be read as the same string. */
export function readsAsString(text: string): boolean {
  return resolveScalar(text).tag === "str" && !BASE_60.test(text);
}

/** Whether go-yaml v3 quotes `text` for the sake of YAML 1.1 readers. */
export function isOldBoolean(text: string): boolean {
  return OLD_BOOLEANS.has(text);
}

/**
 * Applies an explicit core tag (`!!int`, `!!str` …) to a scalar's text.
 *
 * @throws YamlError `Value` when the text does not fit the tag.
 */
export function resolveTagged(tag: string, text: string, line: number): ResolvedScalar {
  if (tag === "str") return { tag: "str", value: text };
  const found = resolveScalar(text);
  if (tag === found.tag || (tag === "timestamp" && found.tag === "timestamp")) return found;
  if (tag === "float" && found.tag === "int") return { tag: "float", value: Number(found.value) };
  throw new YamlError("Value", `yaml: cannot decode !!${found.tag} \`${text}\` as a !!${tag}`, line);
}

function words(scalar: ResolvedScalar, list: string): [string, ResolvedScalar][] {
  return list.split(" ").map((word) => [word, scalar]);
}

/** What begins with a point is a float as Go's language has it: underscores stand between two digits. */
function pointFirst(text: string): ResolvedScalar {
  const plain = text.includes("_") ? text.replace(/(?<=[0-9])_(?=[0-9])/g, "") : text;
  if (!FLOAT.test(plain)) return { tag: "str", value: text };
  const value = Number(plain);
  return Number.isFinite(value) ? { tag: "float", value } : { tag: "str", value: text };
}

function number(text: string): ResolvedScalar | undefined {
  if (isTimestamp(text)) return { tag: "timestamp", value: text };
  const plain = text.includes("_") ? text.replaceAll("_", "") : text;
  const value = integer(plain);
  if (value !== undefined) return { tag: "int", value };
  if (!FLOAT.test(plain)) return undefined;
  const float = Number(plain);
  return Number.isFinite(float) ? { tag: "float", value: float } : undefined;
}

function integer(text: string): bigint | undefined {
  const match = INTEGER.exec(text);
  if (match === null) return undefined;
  const [, sign, hex, binary, octal, decimal] = match;
  const size = hex !== undefined
    ? BigInt(`0x${hex}`)
    : binary !== undefined
    ? BigInt(`0b${binary}`)
    : octal !== undefined
    ? BigInt(`0o${octal}`)
    : BigInt(decimal ?? "0");
  const value = sign === "-" ? -size : size;
  // Go parses unsigned 64-bit numbers without a sign only.
  const most = sign === "+" ? 2n ** 63n - 1n : UINT64_MAX;
  return value < INT64_MIN || value > most ? undefined : value;
}

function isTimestamp(text: string): boolean {
  if (text.charCodeAt(4) !== 0x2d) return false;
  const match = TIMESTAMP.exec(text);
  if (match === null) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const [hour, minute, second] = [match[4] ?? match[7], match[5] ?? match[8], match[6] ?? match[9]].map((x) =>
    Number(x ?? 0)
  );
  if (month < 1 || month > 12 || day < 1 || day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return false;
  return (hour ?? 0) < 24 && (minute ?? 0) < 60 && (second ?? 0) < 60;
}
