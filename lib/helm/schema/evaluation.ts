import type { SchemaNode } from "./document.ts";
import { isObject, type JsonObject, own } from "./json.ts";
import { together, type Violation } from "./violation.ts";

/** What judges schemas below the one at hand. */
export interface Judge {
  /** Judges a value by a schema. `needsUnseen`: whether whoever asks wants to know which parts no keyword looked at. */
  judge(node: SchemaNode, value: unknown, place: string, scope: Scope, needsUnseen: boolean): Judgement;
}

/** What came of it. */
export interface Judgement {
  readonly violation: Violation | undefined;
  /** Properties or items (by index) that no keyword has looked at; undefined where nobody asked, or none are left. */
  readonly unseen: ReadonlySet<string> | undefined;
}

/** The schemas on the way to the one at hand. */
export interface Scope {
  readonly node: SchemaNode;
  readonly parent: Scope | undefined;
  /** The keyword that led here, where it was a reference. */
  readonly via: string;
  /** Counts the values on the way: schemas of one number judge one value. */
  readonly depth: number;
}

/** One schema on its way over one value: collects what it has against it. */
export class Evaluation {
  readonly found: Violation[] = [];
  readonly schema: JsonObject;
  unseen: Set<string> | undefined;

  constructor(
    readonly node: SchemaNode,
    readonly value: unknown,
    readonly place: string,
    readonly scope: Scope,
    readonly judge: Judge,
    needsUnseen: boolean,
  ) {
    this.schema = isObject(node.value) ? node.value : {};
    this.unseen = unseenAtFirst(this, needsUnseen);
  }

  /** The draft that the schema is of. */
  get draft(): number {
    return this.node.document.draft.version;
  }

  /** A keyword's value; undefined where the schema lacks it, or its draft does not know it. */
  keyword(name: string, since = 4): unknown {
    return this.draft < since ? undefined : own(this.schema, name);
  }

  /** Notes something against the value. */
  report(text: string, below: readonly Violation[] = []): void {
    this.found.push({ kind: "plain", place: this.place, text, below });
  }

  /** Notes what another schema has against it, if anything. */
  add(violation: Violation | undefined): void {
    if (violation !== undefined) this.found.push(violation);
  }

  /** Judges a part of the value by a schema below. */
  judgePart(node: SchemaNode, part: unknown, key: string): Violation | undefined {
    const scope = { node, parent: this.scope, via: "", depth: this.scope.depth + 1 };
    const place = `${this.place}/${/[~/]/.test(key) ? key.replaceAll("~", "~0").replaceAll("/", "~1") : key}`;
    return this.judge.judge(node, part, place, scope, false).violation;
  }

  /** Judges the value itself by another schema; what that looked at has been seen where it agrees. */
  judgeSame(node: SchemaNode, via = ""): Violation | undefined {
    const scope = { node, parent: this.scope, via, depth: this.scope.depth };
    const needs = this.unseen !== undefined && this.unseen.size > 0;
    const { violation, unseen } = this.judge.judge(node, this.value, this.place, scope, needs);
    if (violation === undefined && this.unseen !== undefined) {
      for (const key of this.unseen) if (unseen?.has(key) !== true) this.unseen.delete(key);
    }
    return violation;
  }

  /** Schemas of a list keyword. */
  nodes(keyword: string, since = 4): readonly SchemaNode[] {
    const items = this.keyword(keyword, since);
    if (!Array.isArray(items)) return [];
    const holder = this.node.child(keyword);
    return Array.from(items.keys()).flatMap((index) => holder?.child(String(index)) ?? []);
  }

  /** Schemas of a map keyword, by their keys. */
  entries(keyword: string, since = 4): readonly (readonly [string, SchemaNode])[] {
    const items = this.keyword(keyword, since);
    if (!isObject(items)) return [];
    const holder = this.node.child(keyword);
    return Object.keys(items).flatMap((key) => {
      const node = holder?.child(key);
      return node === undefined ? [] : [[key, node] as const];
    });
  }

  /** All that was noted, as one. */
  get violation(): Violation | undefined {
    return together(this.place, this.found);
  }
}

function unseenAtFirst(one: Evaluation, needs: boolean): Set<string> | undefined {
  const { value } = one;
  if (Array.isArray(value)) {
    const first = firstUnseenItem(one);
    if (first === undefined || !(needs || one.keyword("unevaluatedItems", 2019) !== undefined)) return undefined;
    return new Set(Array.from(value.keys(), String).slice(first));
  }
  if (!isObject(value) || one.keyword("additionalProperties") !== undefined) return undefined;
  return needs || one.keyword("unevaluatedProperties", 2019) !== undefined ? new Set(Object.keys(value)) : undefined;
}

/** The index behind the items that a list of schemas is for; undefined where the schema is for all items. */
function firstUnseenItem(one: Evaluation): number | undefined {
  const items = one.keyword("items");
  if (one.draft >= 2020) {
    const prefix = one.keyword("prefixItems");
    return items === undefined ? Array.isArray(prefix) ? prefix.length : 0 : undefined;
  }
  if (items !== undefined && !Array.isArray(items)) return undefined;
  if (items === undefined) return 0;
  return one.keyword("additionalItems") === undefined ? items.length : undefined;
}
