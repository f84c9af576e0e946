import type { SchemaNode } from "./document.ts";
import type { Evaluation } from "./evaluation.ts";
import { firstDuplicates } from "./json.ts";
import { countText } from "./numbers.ts";
import { countOf, sizeText } from "./object_keywords.ts";
import type { Violation } from "./violation.ts";

/** What the keywords for arrays have against one. */
export function judgeArray(one: Evaluation, items: readonly unknown[]): void {
  const least = countOf(one.keyword("minItems"));
  if (least !== undefined && items.length < least) one.report(sizeText("minItems", items.length, least));
  const most = countOf(one.keyword("maxItems"));
  if (most !== undefined && items.length > most) one.report(sizeText("maxItems", items.length, most));
  if (one.keyword("uniqueItems") === true) {
    const equal = firstDuplicates(items);
    if (equal !== undefined) one.report(`items at ${countText(equal[0])} and ${countText(equal[1])} are equal`);
  }
  if (one.draft < 2020) judgeItems(one, items);
  else judgeItems2020(one, items);
  judgeContains(one, items);
}

function judgeAll(one: Evaluation, node: SchemaNode | undefined, items: readonly unknown[], from: number): void {
  if (node === undefined) return;
  // Helm's validator counts anew behind those that have a schema each.
  for (const [index, item] of items.slice(from).entries()) one.add(one.judgePart(node, item, String(index)));
}

function judgeItems(one: Evaluation, items: readonly unknown[]): void {
  if (!Array.isArray(one.keyword("items"))) return judgeAll(one, one.node.child("items"), items, 0);
  const count = judgeFirst(one, "items", items);
  const additional = one.keyword("additionalItems");
  if (additional === false) {
    const left = items.length - count;
    if (left > 0) one.report(`last ${countText(left)} additionalItem(s) not allowed`);
  } else if (additional !== true) judgeAll(one, one.node.child("additionalItems"), items, count);
}

function judgeItems2020(one: Evaluation, items: readonly unknown[]): void {
  const count = judgeFirst(one, "prefixItems", items);
  judgeAll(one, one.node.child("items"), items, count);
}

/** The items for which there is a schema each; their number. */
function judgeFirst(one: Evaluation, keyword: string, items: readonly unknown[]): number {
  let count = 0;
  for (const node of one.nodes(keyword)) {
    if (count >= items.length) break;
    one.add(one.judgePart(node, items[count], String(count)));
    count++;
  }
  return count;
}

function judgeContains(one: Evaluation, items: readonly unknown[]): void {
  const node = one.keyword("contains", 6) === undefined ? undefined : one.node.child("contains");
  if (node === undefined) return;
  const found: Violation[] = [];
  const matched: number[] = [];
  for (const [index, item] of items.entries()) {
    const violation = one.judgePart(node, item, String(index));
    if (violation !== undefined) found.push(violation);
    else {
      matched.push(index);
      if (one.draft >= 2020) one.unseen?.delete(String(index));
    }
  }
  const least = countOf(one.keyword("minContains", 2019));
  if (least === undefined && matched.length === 0) one.report("no items match contains schema", found);
  if (least !== undefined && matched.length < least) {
    const got = matched.length === 0 ? "none matched" : matchedText(matched);
    one.report(`min ${countText(least)} items required to match contains schema, but ${got}`, found);
  }
  const most = countOf(one.keyword("maxContains", 2019));
  if (most !== undefined && matched.length > most) {
    one.report(`max ${countText(most)} items required to match contains schema, but ${matchedText(matched)}`);
  }
}

function matchedText(matched: readonly number[]): string {
  return `matched ${countText(matched.length)} items at ${matched.join(" ")}`;
}
