/** Rules and route trees, compiled once. */
import { RE2JS } from "../../lib/deps/re2js.ts";
import type { Route, Rule } from "./api.ts";
import { RegistrationError } from "./errors.ts";
import type { EnrichedEvent } from "./enriched_event.ts";

/** Whether something holds of an Event. */
export type Predicate = (event: EnrichedEvent) => boolean;

/** The fields of a rule that are one pattern each, and what they look at. */
const FIELDS = {
  message: ({ event }) => event.message,
  apiVersion: ({ event }) => event.involvedObject.apiVersion,
  kind: ({ event }) => event.involvedObject.kind,
  namespace: ({ event }) => event.metadata.namespace,
  reason: ({ event }) => event.reason,
  type: ({ event }) => event.type,
  component: ({ event }) => event.source?.component || event.reportingComponent,
  host: ({ event }) => event.source?.host,
} satisfies Partial<Record<keyof Rule, (event: EnrichedEvent) => string | undefined>>;

/**
 * A route tree as one predicate; see {@linkcode Route} for what it means.
 *
 * @param at Where the route stands in the Registration, for messages: `spec`.
 * @throws {RegistrationError} `InvalidRule`, naming the field of a pattern that is no RE2.
 */
export function compileRoute(route: Route, at: string): Predicate {
  const drops = (route.drop ?? []).map((rule, index) => compileRule(rule, `${at}.drop[${index}]`));
  const matches = (route.match ?? []).map((rule, index) => compileRule(rule, `${at}.match[${index}]`));
  const routes = (route.routes ?? []).map((inner, index) => compileRoute(inner, `${at}.routes[${index}]`));
  const dropped: Predicate = (event) => drops.some((drop) => drop(event));
  if (routes.length > 0) {
    return (event) => !dropped(event) && matches.every((match) => match(event)) && routes.some((takes) => takes(event));
  }
  return (event) => !dropped(event) && (matches.length === 0 || matches.some((match) => match(event)));
}

/** A rule: all that it says must hold; one that says nothing holds of everything. */
export function compileRule(rule: Rule, at: string): Predicate {
  const anchored = rule.anchored ?? false;
  const parts: Predicate[] = [];
  const { minCount } = rule;
  if (minCount !== undefined) parts.push(({ count }) => count >= minCount);
  for (const [field, read] of Object.entries(FIELDS)) {
    const pattern = rule[field as keyof typeof FIELDS];
    if (pattern === undefined || pattern === "") continue;
    const matches = compilePattern(pattern, anchored, `${at}.${field}`);
    parts.push((event) => matches(read(event) ?? ""));
  }
  for (const field of ["labels", "annotations"] as const) {
    for (const [name, pattern] of Object.entries(rule[field] ?? {})) {
      const matches = compilePattern(pattern, anchored, `${at}.${field}["${name}"]`);
      parts.push(({ object }) => {
        const value = object[field][name];
        return value !== undefined && matches(value);
      });
    }
  }
  return (event) => parts.every((part) => part(event));
}

/** Characters that mean something in RE2. */
const SPECIAL = /[\\^$.|?*+()[\]{}]/;

function compilePattern(pattern: string, anchored: boolean, at: string): (text: string) => boolean {
  if (!SPECIAL.test(pattern)) return anchored ? (text) => text === pattern : (text) => text.includes(pattern);
  const regexp = parse(pattern, at);
  return anchored ? (text) => regexp.matches(text) : (text) => regexp.matcher(text).find();
}

function parse(pattern: string, at: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new RegistrationError("InvalidRule", `Cannot compile ${at}: "${pattern}" is no RE2 pattern: ${why}`, {
      cause: error,
    });
  }
}
