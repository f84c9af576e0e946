/** PascalCase and plurals by the original's naming rules (the `flect` rules). */
import { ACRONYMS, ALTERNATIVES, COMPOUNDING, ENDINGS, type Inflection, ONE_WAY, WHOLE_WORDS } from "./plural_words.ts";

const DICTIONARY: readonly Inflection[] = [...COMPOUNDING, ...WHOLE_WORDS];
const PLURAL_OF = new Map(DICTIONARY);
const KNOWN_PLURALS = new Set([
  ...DICTIONARY.filter(([singular]) => !ONE_WAY.has(singular)).map(([, plural]) => plural),
  ...ALTERNATIVES,
]);
/** Compounds before plain endings; among compounds the later entry first. */
const SUFFIX_RULES: readonly Inflection[] = [...COMPOUNDING.toReversed(), ...ENDINGS];

const LETTER_OR_DIGIT = /[\p{L}\p{Nd}]/u;
const PART_CHARACTER = /[\p{L}\p{Nd}\p{P}`]/u;
const UPPER = /\p{Lu}/u;
const SEPARATOR = /[_ :\-/\s]/u;
const SEPARATORS_AROUND = /^[_ :\-/\s]+|[_ :\-/\s]+$/gu;

const capitalize = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);

/** Splits at separators and where a capital follows a small letter: `fireworksApp` → `fireworks`, `App`. */
function partsOf(text: string): string[] {
  const trimmed = text.trim();
  if (ACRONYMS.has(trimmed.toUpperCase())) return [trimmed.toUpperCase()];
  const parts: string[] = [];
  let part = "", previous = "";
  const cut = (next: string) => {
    const word = part.replace(SEPARATORS_AROUND, "");
    if (word !== "") parts.push(ACRONYMS.has(word.toUpperCase()) ? word.toUpperCase() : word);
    part = next;
  };
  for (const character of trimmed) {
    const startsWord = UPPER.test(character) && (!UPPER.test(previous) || ACRONYMS.has(part.toUpperCase()));
    if (SEPARATOR.test(character) || startsWord) cut(character);
    else if (PART_CHARACTER.test(character)) part += character;
    else cut("");
    previous = character;
  }
  cut("");
  return parts;
}

/** `github scaffolding` → `GithubScaffolding`; letters and digits only, a first word that is all capitals is lowered. */
export function pascalize(text: string): string {
  const parts = partsOf(text);
  const words = parts.map((part, index) => {
    const kept = [...part].filter((character) => LETTER_OR_DIGIT.test(character)).join("");
    return index === 0 ? kept.toLowerCase() : capitalize(kept);
  });
  const joined = words.join("");
  const first = parts[0] ?? "";
  const capitals = ACRONYMS.has(first.toUpperCase()) ? first.length : 1;
  return joined.slice(0, capitals).toUpperCase() + joined.slice(capitals);
}

/** The plural of the last word of `name`: `FireworksApp` → `FireworksApps`, `Podinfo` → `Podinfoes`. */
export function pluralize(name: string): string {
  const last = partsOf(name).at(-1) ?? "";
  if (last === "") return "";
  const whole = PLURAL_OF.get(name);
  if (whole !== undefined) return whole;
  const lower = last.toLowerCase();
  if (KNOWN_PLURALS.has(name) || KNOWN_PLURALS.has(lower)) return name;
  const known = PLURAL_OF.get(lower);
  if (known !== undefined) return replaceEnd(name, last, last === capitalize(last) ? capitalize(known) : known);
  for (const [singular, plural] of SUFFIX_RULES) {
    if (last.endsWith(plural)) return replaceEnd(name, last, last);
    if (last.endsWith(singular)) return replaceEnd(name, last, last.slice(0, -singular.length) + plural);
  }
  return lower.endsWith("s") ? name : `${name}s`;
}

/** An acronym stands in capitals in the parts and so may be no ending of the name as written: then it is appended. */
function replaceEnd(name: string, end: string, replacement: string): string {
  return (name.endsWith(end) ? name.slice(0, name.length - end.length) : name) + replacement;
}
