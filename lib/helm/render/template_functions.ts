import { fn, FunctionError, type FunctionTable, GoMap, quote as goQuoted, types } from "../../gotemplate/mod.ts";
import { helmFunctions, sprigFunctions } from "../../gotemplate/functions/mod.ts";
import { type Attempt, MAX_INCLUDE_DEPTH, type Session } from "./session.ts";

/** Marks a message that is shown without the chain of templates it came through. Helm's words. */
const MESSAGE_START = "HELM_ERR_START";
const MESSAGE_END = "HELM_ERR_END";

/** The message that `fail` or `required` put into an error; undefined where neither did. */
export function markedMessage(text: string): string | undefined {
  const start = text.indexOf(MESSAGE_START) + MESSAGE_START.length;
  const end = text.lastIndexOf(MESSAGE_END);
  return start < MESSAGE_START.length || end < start ? undefined : text.slice(start, end);
}

/** Who executes now. One table of functions serves all renders of a thread: compiled templates stay bound to it. */
export class FunctionHost {
  #running: { readonly session: Session; readonly attempt: Attempt } | undefined;

  /** Runs `body` while the functions speak for an attempt. */
  run<T>(session: Session, attempt: Attempt, body: () => T): T {
    const before = this.#running;
    this.#running = { session, attempt };
    try {
      return body();
    } finally {
      this.#running = before;
    }
  }

  get session(): Session {
    return this.#current.session;
  }

  get attempt(): Attempt {
    return this.#current.attempt;
  }

  get #current(): { readonly session: Session; readonly attempt: Attempt } {
    if (this.#running === undefined) throw new Error("A template function was called outside of an execution");
    return this.#running;
  }
}

/** All functions that Helm gives to templates. */
export function templateFunctions(host: FunctionHost): FunctionTable {
  const options = { random: (count: number) => host.session.random(host.attempt, count), now: () => host.session.now };
  return {
    ...sprigFunctions(options),
    ...helmFunctions(options),
    include: fn([types.string, types.any], types.string, (name, data) => include(host.attempt, name, data)),
    tpl: fn([types.string, types.any], types.string, (text, data) => executeText(host.attempt, text, data)),
    required: fn([types.string, types.any], types.any, (message, value) => {
      if (value !== null && value !== "") return value;
      if (host.session.lint) return "";
      throw new FunctionError(marked(message));
    }),
    fail: fn([types.string], types.string, (message) => {
      if (host.session.lint) return "";
      throw new FunctionError(marked(message));
    }),
    lookup: fn(
      [types.string, types.string, types.string, types.string],
      types.map,
      (apiVersion, kind, namespace, name) => {
        if (!host.session.canLookUp) return new GoMap();
        return host.session.answers.get({ apiVersion, kind, namespace, name });
      },
    ),
    // Helm asks no name server unless told to; it is never told to here.
    getHostByName: fn([types.string], types.string, () => ""),
  };
}

type Data = Parameters<Attempt["current"]["execute"]>[1];

function include(attempt: Attempt, name: string, data: Data): string {
  const depth = attempt.included.get(name) ?? 0;
  if (depth > MAX_INCLUDE_DEPTH) {
    throw new FunctionError(`rendering template has a nested reference name: ${name}: unable to execute template`);
  }
  attempt.included.set(name, depth + 1);
  try {
    return attempt.current.execute(name, data);
  } finally {
    attempt.included.set(name, depth);
  }
}

/** Name of the text of `tpl`, as Helm's messages show it. */
const TEXT_NAME = "gotpl";
const DEFINES = /\{\{-?\s*(?:define|block)\b/;
const COMMENT_START = /\s*\{\{-?\s*\/\*/y;
const COMMENT_END = /\s*-?\}\}/y;

/** Whether a template is nothing but blanks and comments. */
function isWithoutContent(text: string): boolean {
  for (let at = 0;;) {
    COMMENT_START.lastIndex = at;
    if (!COMMENT_START.test(text)) return text.slice(at).trim() === "";
    const end = text.indexOf("*/", COMMENT_START.lastIndex);
    COMMENT_END.lastIndex = end + 2;
    if (end < 0 || !COMMENT_END.test(text)) return false;
    at = COMMENT_END.lastIndex;
  }
}

function executeText(attempt: Attempt, text: string, data: Data): string {
  if (!text.includes("{{")) return withoutNoValue(text);
  const outer = attempt.current;
  // A copy keeps new definitions apart; a text that has none only replaces the one before it, which nobody else calls.
  // A text without content would not replace it, so it needs a copy too.
  const needsCopy = DEFINES.test(text) || isWithoutContent(text);
  const set = needsCopy ? outer.clone() : outer;
  try {
    set.parse(TEXT_NAME, text);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new FunctionError(`cannot parse template ${goQuoted(text)}: ${error.message}`, { cause: error });
  }
  attempt.current = set;
  try {
    return withoutNoValue(set.execute(TEXT_NAME, data));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new FunctionError(`error during tpl function execution for ${goQuoted(text)}: ${error.message}`, {
      cause: error,
    });
  } finally {
    attempt.current = outer;
  }
}

/** Go prints this for a missing value; Helm takes it away again. */
export function withoutNoValue(text: string): string {
  return text.includes("<no value>") ? text.replaceAll("<no value>", "") : text;
}

function marked(message: string): string {
  return `${MESSAGE_START}${message}${MESSAGE_END}`;
}
