/** The rules of each built-in kind beyond its schema: what is filled in, and what is refused. */
import type { Traits } from "./kinds.ts";

type Rules = Pick<Traits, "prepare" | "check">;

const RULES: Readonly<Record<string, Rules>> = {};

/** The rules of a kind; kinds without any have none. */
export function rulesOf(group: string, kind: string): Rules {
  return RULES[`${group}/${kind}`] ?? {};
}
