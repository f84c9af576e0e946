import { GoRegexp } from "../../gotemplate/functions/mod.ts";
import type { Evaluation } from "./evaluation.ts";
import { isObject, type JsonObject } from "./json.ts";
import { countText, isNumeric, isWhole, toFloat } from "./numbers.ts";
import { partsOf, quotedList, singleQuoted } from "./violation.ts";

/** What the keywords for objects have against one. */
export function judgeObject(one: Evaluation, object: JsonObject): void {
  const count = Object.keys(object).length;
  const least = countOf(one.keyword("minProperties"));
  if (least !== undefined && count < least) one.report(sizeText("minProperties", count, least));
  const most = countOf(one.keyword("maxProperties"));
  if (most !== undefined && count > most) one.report(sizeText("maxProperties", count, most));
  const missing = missingOf(object, one.keyword("required"));
  if (missing.length > 0) {
    one.report(`missing ${missing.length === 1 ? "property" : "properties"} ${quotedList(missing)}`);
  }
  judgeDependencies(one, object);
  judgeProperties(one, object);
  judgeNames(one, object);
  for (const [name, node] of one.entries("dependentSchemas", 2019)) {
    if (Object.hasOwn(object, name)) one.add(one.judgeSame(node));
  }
  const required = one.keyword("dependentRequired", 2019);
  if (isObject(required)) {
    for (const name of Object.keys(required)) {
      judgeRequired(one, object, name, required[name]);
    }
  }
}

/** A keyword that counts. */
export function countOf(keyword: unknown): number | undefined {
  return isNumeric(keyword) && isWhole(keyword) ? toFloat(keyword) : undefined;
}

/** What is said of a size that does not fit. */
export function sizeText(keyword: string, got: number, want: number): string {
  return `${keyword}: got ${countText(got)}, want ${countText(want)}`;
}

function missingOf(object: JsonObject, names: unknown): string[] {
  if (!Array.isArray(names)) return [];
  return names.filter((name): name is string => typeof name === "string" && !Object.hasOwn(object, name));
}

function judgeRequired(one: Evaluation, object: JsonObject, name: string, wanted: unknown): void {
  if (!Object.hasOwn(object, name)) return;
  const missing = missingOf(object, wanted);
  if (missing.length > 0) one.report(`properties ${quotedList(missing)} required, if ${singleQuoted(name)} exists`);
}

function judgeDependencies(one: Evaluation, object: JsonObject): void {
  for (const [name, node] of one.entries("dependencies")) {
    if (Array.isArray(node.value)) judgeRequired(one, object, name, node.value);
    else if (Object.hasOwn(object, name)) one.add(one.judgeSame(node));
  }
}

function judgeProperties(one: Evaluation, object: JsonObject): void {
  const properties = one.keyword("properties");
  const known = isObject(properties) ? one.node.child("properties") : undefined;
  const patterns = one.entries("patternProperties").map(([text, node]) => [GoRegexp.compile(text), node] as const);
  const additional = one.keyword("additionalProperties");
  const others = isObject(additional) ? one.node.child("additionalProperties") : undefined;
  const notAllowed: string[] = [];
  for (const [name, value] of Object.entries(object)) {
    const nodes = patterns.filter(([pattern]) => pattern.test(name)).map(([, node]) => node);
    const own = known?.child(name);
    if (own !== undefined) nodes.unshift(own);
    if (nodes.length === 0 && others !== undefined) nodes.push(others);
    for (const node of nodes) one.add(one.judgePart(node, value, name));
    if (nodes.length === 0 && additional === false) notAllowed.push(name);
    if (nodes.length > 0) one.unseen?.delete(name);
  }
  if (notAllowed.length > 0) one.report(`additional properties ${quotedList(notAllowed)} not allowed`);
}

/** A name is judged as a value of its own: what is wrong with it is at ''. */
function judgeNames(one: Evaluation, object: JsonObject): void {
  if (one.keyword("propertyNames", 6) === undefined) return;
  const node = one.node.child("propertyNames");
  if (node === undefined) return;
  for (const name of Object.keys(object)) {
    const scope = { node, parent: undefined, via: "", depth: 0 };
    const { violation } = one.judge.judge(node, name, "", scope, false);
    if (violation === undefined) continue;
    const text = `invalid propertyName ${singleQuoted(name)}`;
    one.add({ kind: "plain", place: "", text, below: partsOf(violation) });
  }
}
