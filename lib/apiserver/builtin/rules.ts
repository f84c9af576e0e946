/** The rules of each built-in kind beyond its schema: what is filled in, and what is refused. */
import { CORE_CHECKS } from "./core_checks.ts";
import type { Traits } from "./kinds.ts";
import { prepareOf } from "./prepare.ts";
import { WORKLOAD_CHECKS } from "./workload_checks.ts";

/** The rules of a kind; kinds without any have none. */
export function rulesOf(group: string, kind: string): Pick<Traits, "prepare" | "check"> {
  const prepare = prepareOf(group, kind);
  const check = CORE_CHECKS[`${group}/${kind}`] ?? WORKLOAD_CHECKS[`${group}/${kind}`];
  return { ...(prepare === undefined ? {} : { prepare }), ...(check === undefined ? {} : { check }) };
}
