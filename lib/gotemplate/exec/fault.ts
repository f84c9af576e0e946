/**
 * Errors of an execution on their way out: what compiled templates throw, and how it becomes Go's message.
 *
 * @module
 */
import { byteLength, toText } from "../bytes.ts";
import { TemplateError } from "../errors.ts";
import { quote } from "../fmt/quote.ts";
import type { Node } from "../parse/node.ts";
import { nodeText } from "../parse/node_text.ts";
import { FunctionError } from "../signature.ts";

/** A failure at a node, before it is known which template runs. */
export class Fault extends Error {
  override readonly name = "Fault";

  /** @param place Index into the unit's places. */
  constructor(readonly place: number, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

/** Throws a {@linkcode Fault}; */
export function fault(place: number, message: string): never {
  throw new Fault(place, message);
}

/** A node that a message may name, and the function called there. */
export interface Place {
  readonly node: Node;
  readonly call?: string;
  /** The node is that of an `and` or `or`: a complaint about its value names the argument evaluated last. */
  readonly isDecided?: true;
}

/** Where an execution is. */
export interface Position {
  /** The place of the latest call; the complement (`~place`, negative) of that of a `template` action, whose errors pass unchanged. */
  readonly at: number;
  /** The place of the argument that decided the latest `and` or `or`. */
  readonly decided: number;
}

/** Which template runs: where it was parsed and how it is called. */
export interface Site {
  /** Name of the file (Go's ParseName). */
  readonly file: string;
  /** Name of the template or definition. */
  readonly name: string;
  readonly text: string;
  readonly places: readonly Place[];
}

/**
 * Turns what was caught in a template into what leaves it.
 */
export function raise(error: unknown, { at, decided }: Position, site: Site, maxDepth: number): unknown {
  if (error instanceof Fault) {
    const place = site.places[error.place]?.isDecided ? decided : error.place;
    return located(error.message, place, site, error);
  }
  if (error instanceof RangeError) return exhausted(error, at, site, maxDepth);
  const name = site.places[at]?.call;
  if (name === undefined) return error;
  if (error instanceof FunctionError || error instanceof TemplateError) {
    const reason = error instanceof TemplateError && error.reason === "limit" ? "limit" : "exec";
    return located(`error calling ${name}: ${error.message}`, at, site, error, reason);
  }
  return error;
}

/** The engine ran out of stack or string length: a template that recurses or grows without end. */
function exhausted(error: RangeError, at: number, site: Site, maxDepth: number): TemplateError {
  const message = /call stack/.test(error.message) ? `exceeded maximum template depth (${maxDepth})` : error.message;
  return located(message, at < 0 ? ~at : at, site, error, "limit");
}

function located(
  message: string,
  at: number,
  site: Site,
  cause: Error,
  reason: "exec" | "limit" = "exec",
): TemplateError {
  const node = site.places[at]?.node;
  const place = node === undefined ? site.file : `${site.file}:${position(site.text, node.pos)}`;
  const shown = node === undefined ? "" : nodeText(node);
  return new TemplateError(
    reason,
    `template: ${place}: executing ${quote(site.name)} at <${shown}>: ${toText(message)}`,
    cause instanceof Fault ? { cause: cause.cause } : { cause },
  );
}

/** `LINE:COLUMN`; lines from 1, columns in bytes from 0. */
function position(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  return `${line}:${byteLength(before.slice(before.lastIndexOf("\n") + 1))}`;
}
