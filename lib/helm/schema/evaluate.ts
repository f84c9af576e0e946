/**
 * Says what a schema has against a value, in the words and the order of Helm's validator.
 *
 * It has the last word. `judge.ts` is many times as fast, and asked before it where a schema is used more than once.
 *
 * @module
 */
import { quote } from "../../gotemplate/mod.ts";
import { judgeArray } from "./array_keywords.ts";
import type { SchemaNode } from "./document.ts";
import { Evaluation, type Judge, type Judgement, type Scope } from "./evaluation.ts";
import { isObject } from "./json.ts";
import type { SchemaLibrary } from "./library.ts";
import { isNumeric } from "./numbers.ts";
import { judgeObject } from "./object_keywords.ts";
import { firstFault, judgeNumber, judgeText } from "./value_keywords.ts";
import { partsOf, type Violation } from "./violation.ts";

/** What a schema has against a value; undefined where that is nothing. */
export function violationOf(node: SchemaNode, value: unknown, library: SchemaLibrary): Violation | undefined {
  return new Evaluator(library).judge(node, value, "", { node, parent: undefined, via: "", depth: 0 }, false).violation;
}

class Evaluator implements Judge {
  readonly #library: SchemaLibrary;

  constructor(library: SchemaLibrary) {
    this.#library = library;
  }

  judge(node: SchemaNode, value: unknown, place: string, scope: Scope, needsUnseen: boolean): Judgement {
    const one = new Evaluation(node, value, place, scope, this, needsUnseen);
    const fault = node.value === false ? "false schema" : circle(scope) ?? firstFault(one);
    if (fault !== undefined) one.report(fault);
    else this.#keywords(one);
    return { violation: one.violation, unseen: one.unseen };
  }

  #keywords(one: Evaluation): void {
    const { value, draft } = one;
    this.#reference(one, "$ref");
    if (draft < 2019 && typeof one.keyword("$ref") === "string") return;
    if (typeof value === "string") judgeText(one, value);
    else if (isNumeric(value)) judgeNumber(one, value);
    else if (Array.isArray(value)) judgeArray(one, value);
    else if (isObject(value)) judgeObject(one, value);
    if (draft >= 2019) this.#reference(one, "$recursiveRef");
    if (draft >= 2020) this.#reference(one, "$dynamicRef");
    combinations(one);
    if (draft >= 2019) unevaluated(one);
  }

  #reference(one: Evaluation, keyword: string): void {
    const reference = one.keyword(keyword);
    if (typeof reference !== "string") return;
    const target = redirected(this.#library.resolve(one.node, reference), keyword, reference, one.scope);
    const violation = one.judgeSame(target, keyword);
    if (violation === undefined) return;
    one.add({ kind: "reference", place: one.place, text: "validation failed", below: partsOf(violation) });
  }
}

/** Where a reference leads whose target is the outermost schema on the way that takes it. */
function redirected(target: SchemaNode, keyword: string, reference: string, scope: Scope): SchemaNode {
  let outermost = target;
  const anchor = reference.split("#")[1] ?? "";
  const own = isObject(target.value) ? target.value : {};
  if (keyword === "$recursiveRef" && own["$recursiveAnchor"] === true) {
    for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
      const { root } = at.node.home;
      if (isObject(root.value) && root.value["$recursiveAnchor"] === true) outermost = at.node;
    }
  } else if (keyword === "$dynamicRef" && anchor !== "" && own["$dynamicAnchor"] === anchor) {
    for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
      const { anchors, dynamicAnchors } = at.node.home;
      if (dynamicAnchors.has(anchor)) outermost = anchors.get(anchor) ?? outermost;
    }
  }
  return outermost;
}

/** What is said of a schema that leads to itself without looking at another value. */
function circle(scope: Scope): string | undefined {
  for (let at = scope.parent; at !== undefined && at.depth === scope.depth; at = at.parent) {
    if (at.node !== scope.node) continue;
    return `both ${wayTo(scope)} and ${wayTo(at)} resolve to ${quote(scope.node.location)} causing reference cycle`;
  }
  return undefined;
}

/** The keywords on the way to a schema. */
function wayTo(scope: Scope): string {
  const { parent } = scope;
  if (parent === undefined) return "";
  const step = scope.via === "" ? scope.node.location.slice(parent.node.location.length) : `/${scope.via}`;
  return wayTo(parent) + step;
}

function combinations(one: Evaluation): void {
  const not = one.node.child("not");
  if (not !== undefined && one.judgeSame(not) === undefined) one.report("'not' failed");
  const broken = one.nodes("allOf").flatMap((node) => one.judgeSame(node) ?? []);
  if (broken.length > 0) one.report("'allOf' failed", broken);
  anyOf(one);
  oneOf(one);
  const condition = one.keyword("if", 7) === undefined ? undefined : one.node.child("if");
  if (condition === undefined) return;
  const branch = one.node.child(one.judgeSame(condition) === undefined ? "then" : "else");
  if (branch !== undefined) one.add(one.judgeSame(branch));
}

function anyOf(one: Evaluation): void {
  const broken: Violation[] = [];
  let [count, isMet] = [0, false];
  for (const node of one.nodes("anyOf")) {
    count++;
    const violation = one.judgeSame(node);
    if (violation !== undefined) broken.push(violation);
    else isMet = true;
    // Where somebody asks what was looked at, all have their say.
    if (isMet && (one.unseen?.size ?? 0) === 0) return;
  }
  if (count > 0 && !isMet) one.report("'anyOf' failed", broken);
}

function oneOf(one: Evaluation): void {
  const broken: Violation[] = [];
  let met: number | undefined;
  let index = 0;
  for (const node of one.nodes("oneOf")) {
    const violation = one.judgeSame(node);
    if (violation !== undefined) broken.push(violation);
    else if (met === undefined) met = index;
    else return one.report(`'oneOf' failed, subschemas ${met}, ${index} matched`);
    index++;
  }
  if (index > 0 && met === undefined) one.report("'oneOf' failed, none matched", broken);
}

function unevaluated(one: Evaluation): void {
  const { value } = one;
  const isList = Array.isArray(value);
  if (!isList && !isObject(value)) return;
  const node = one.node.child(isList ? "unevaluatedItems" : "unevaluatedProperties");
  if (node === undefined) return;
  for (const key of one.unseen ?? []) {
    one.add(one.judgePart(node, isList ? value[Number(key)] : value[key], key));
  }
  one.unseen = undefined;
}
