/** Calls of the language's own functions, of those that are bound to a chart, and of fields and methods. */
import { DEFINED } from "./case_chart.ts";
import { BUILT_IN } from "./coverage.ts";
import { literal } from "./judge.ts";
import { ANY, INTS, LISTS, MAPS, STRINGS } from "./operands.ts";
import type { Random } from "./random.ts";

/** Makes an argument of any type for a function. */
type Argument = (name: string) => string;

/** How many arguments a built-in function is given, at least and at most. */
const COUNTS: Readonly<Record<string, readonly [number, number]>> = {
  not: [1, 1],
  len: [1, 1],
  html: [1, 3],
  js: [1, 3],
  urlquery: [1, 3],
  print: [0, 3],
  println: [0, 3],
  and: [1, 3],
  or: [1, 3],
  eq: [1, 4],
  call: [1, 2],
};
const VERBS = [
  "%v",
  "%d",
  "%s",
  "%q",
  "%T",
  "%5v|",
  "%x",
  "%.2f",
  "%t",
  "%+v",
  "%#v",
  "%08.3f|",
  "%-6s|",
  "%[2]v %[1]v",
];
/** Bounds of slices, in order and not. Those just beyond a list are left out: Go has lists with room behind their end. */
const BOUNDS = [
  "0",
  "1",
  "1 2",
  "0 1",
  "1 1",
  "2 1",
  "-1",
  "0 99",
  "0 1 2",
  "0 1 1",
  "0 2 1",
  "nil",
  '"a"',
  "1.5",
  "'a'",
];

/** A call of a built-in function. */
export function builtInCall(random: Random, argument: Argument): string {
  const name = random.pick(BUILT_IN);
  if (name === "index") return random.chance(0.8) ? indexCall(random) : `index ${argument(name)} ${argument(name)}`;
  if (name === "slice") {
    const what = random.pick([() => random.pick(LISTS), () => literal(random.pick(STRINGS)), () => random.pick(ANY)])();
    return `slice ${what} ${random.pick(BOUNDS)}`;
  }
  if (name === "printf") {
    return [name, literal(random.pick(VERBS)), ...random.several(0, 2, () => argument(name))].join(" ");
  }
  const [least, most] = COUNTS[name] ?? [2, 2];
  const wanted = random.chance(0.03) ? [0, 4] as const : [least, most] as const;
  return [name, ...random.several(...wanted, () => argument(name))].join(" ");
}

function indexCall(random: Random): string {
  return random.pick([
    () => `index ${random.pick(LISTS)} ${random.pick(INTS)}`,
    () => `index ${random.pick(MAPS)} "a"`,
    () =>
      `index .Values.map ${random.pick(['"c" "e" 1', '"c" "d" 0', '"x" "y"', '"c" 0', "nil", '"c" "e" 9', '"a" "b"'])}`,
    () =>
      `index (list (list 1 2) (dict "a" (list 3))) ${random.pick(["0 1", '1 "a" 0', '1 "b" 0', "2", "0 -1", "0 1 2"])}`,
    () => `index ${literal(random.pick(STRINGS))} ${random.pick(INTS)}`,
    () => `index ${random.pick(ANY)} ${random.pick(["0", '"a"', "nil", '"Name"', "1.5", ""])}`,
  ])();
}

const TEXTS = [
  "{{ . }}",
  "{{ .Values.str }}",
  "{{ if }}",
  "{{ .a.b }}",
  "{{ .a.b.c }}",
  "x",
  "",
  "{{ fail `f` }}",
  "{{ include `misses` . }}",
  "{{ tpl `{{ .a.b.c }}` . }}",
  "{{ define `d` }}[{{ . }}]{{ end }}{{ include `d` 1 }}{{ template `d` }}",
  "a\n{{ .Values.num }}\n{{ nope }}",
  "{{ range . }}{{ . }},{{ end }}",
  "{{ template `none` }}",
  "{{ $.Template.Name }}",
  "{{- /* c */ -}} x ",
  "{{ required `r` nil }}",
  "{{ index . 5 }}",
];

/** A call of a function that is bound to the chart, or of a method of what a chart sees. */
export function boundCall(random: Random, argument: Argument): string {
  const value = () => argument("toString");
  const text = () => literal(random.pick(STRINGS));
  return random.pick([
    () =>
      `include ${literal(random.pick([...DEFINED, "shown", "sub.name", "nope"]))} ${
        random.chance(0.4) ? "." : value()
      }`,
    () => `tpl ${literal(random.pick(TEXTS))} ${random.chance(0.5) ? "." : value()}`,
    () => `required ${literal(random.pick(["", "needed"]))} ${value()}`,
    () => `lookup "v1" "Pod" ${literal(random.pick(["", "ns"]))} ${literal(random.pick(["", "name"]))}`,
    () => `getHostByName ${text()}`,
    () => `.Files.${random.pick(["Get", "Lines", "Glob", "GetBytes"])} ${random.chance(0.3) ? value() : text()}`,
    () =>
      `(.Files.Glob ${literal(random.pick(["**", "files/*", "files/?.txt", "{files,x}/**", "[", "no*", "*"]))}).${
        random.pick(["AsConfig", "AsSecrets", "Get `files/a.txt`"])
      }`,
    () => `.Capabilities.APIVersions.Has ${literal(random.pick(["v1", "apps/v1", "apps/v1/Deployment", "x/v1"]))}`,
    () => `.Capabilities.KubeVersion.${random.pick(["Version", "Major", "Minor", "GitVersion", "String", "X"])}`,
    () => `.Values.PathValue ${literal(random.pick(["str", "map.c.d", "map", "x", "", "map.x"]))}`,
    () => `.Values.Table ${literal(random.pick(["map", "map.c", "str", "x", ""]))}`,
  ])();
}

const NAMES = [
  "a",
  "b",
  "Name",
  "Major",
  "Format",
  "String",
  "_0",
  "x.y",
  "c.d",
  "Values.str",
  "Year",
  "Version",
  "Get",
];
const METHODS = [
  'Format "2006"',
  "AddDate 0 1 2",
  "Compare (semver `1.2.3`)",
  "LessThan (semver `2.0.0`)",
  'SetPrerelease "x"',
  'Get "a"',
  "String 1",
  "Has `v1`",
  "Sub (toDate `2006` `2023`)",
  "Nope nil",
];

/** A field or method of a value. */
export function fieldOf(random: Random, value: string): string {
  return `(${value}).${random.pick(random.chance(0.7) ? NAMES : METHODS)}`;
}
