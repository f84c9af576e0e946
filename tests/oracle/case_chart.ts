/** The chart that cases are templates of. */

/** Values that cases may use. */
const VALUES = `
str: text
empty: ""
num: 3
big: 1000000
flt: 1.5
neg: -7
on: true
nothing: null
list: [c, a, b]
nums: [3, 1, 2]
mixed: [1, a, true, null, 1.5, {k: v}]
none: []
map: {b: 1, a: two, c: {d: deep, e: [1, 2]}}
empties: {a: "", b: 0, c: false, d: [], e: {}}
`;

/** Files of the chart besides the templates of cases. */
export const FILES: Readonly<Record<string, string>> = {
  "Chart.yaml": "apiVersion: v2\nname: demo\nversion: 1.0.0\n",
  "values.yaml": VALUES,
  "files/a.txt": "one\ntwo é\n",
  "files/b.yaml": "a: 1\nb: [x]",
  "templates/_shown.tpl": '{{ define "shown" }}<{{ . }}>{{ end }}',
};

/** The template that shows what cases give. */
export const SHOWN = "templates/t.yaml";

/** The template of a case by its index. */
export function fileOf(index: number): string {
  return `templates/_c${index}.tpl`;
}

/** A case as a template: what is none becomes an action. */
export function templateOf(text: string): string {
  return text.startsWith("{{") ? text : `{{ ${text} }}`;
}

/** A template that shows some cases, each on the line of its index: whatever they print reaches the output. */
export function shownOf(indexes: readonly number[]): string {
  const lines: string[] = [];
  for (const index of indexes) lines[index] = `#${index}={{ include "demo/${fileOf(index)}" . | b64enc }};`;
  return Array.from(lines, (line) => line ?? "").join("\n");
}

/** What a rendered {@linkcode shownOf} shows, base64, by index. */
export function readShown(text: string): Map<number, string> {
  return new Map(
    Array.from(
      text.matchAll(/#(\d+)=([A-Za-z0-9+/=]*);/g),
      ([, index, shown]) => [Number(index), shown ?? ""] as const,
    ),
  );
}
