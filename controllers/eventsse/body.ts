/** Request bodies: bounded, of one type, and with errors that say where. */
import { Problem } from "./problem.ts";

/** Most bytes of a body. */
export const MAX_BODY = 1024 * 1024;

/** A media type with its parameters, names in lower case. */
export interface MediaType {
  readonly type: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Reads `text/html; charset="utf-8"`; quoted values may hold anything, a backslash quotes one character (RFC 9110 §5.6.6). */
export function parseMediaType(header: string): MediaType {
  const [type = ""] = header.split(";", 1);
  const parameters: Record<string, string> = Object.create(null);
  for (const match of header.slice(type.length).matchAll(/;\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))/g)) {
    const [, name = "", quoted, plain = ""] = match;
    parameters[name.toLowerCase()] = quoted === undefined ? plain : quoted.replace(/\\(.)/g, "$1");
  }
  return { type: type.trim().toLowerCase(), parameters: { ...parameters } };
}

/**
 * The text of a body.
 *
 * @throws {Problem} 413 beyond {@linkcode MAX_BODY}, noticed while reading; 400 where it is no UTF-8.
 */
export async function readText(request: Request): Promise<string> {
  if (Number(request.headers.get("Content-Length") ?? 0) > MAX_BODY) throw tooLarge();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  let length = 0;
  try {
    for await (const chunk of request.body ?? []) {
      length += chunk.length;
      if (length > MAX_BODY) throw tooLarge();
      text += decoder.decode(chunk, { stream: true });
    }
    return text + decoder.decode();
  } catch (error) {
    if (error instanceof TypeError) throw new Problem(400, "Request body is not UTF-8");
    throw error;
  }
}

/**
 * The one JSON value that a body consists of, in the words of the original.
 *
 * @throws {Problem} 415, 413, or 400 with the position.
 */
export async function readJson(request: Request): Promise<unknown> {
  const header = request.headers.get("Content-Type");
  if (header !== null && parseMediaType(header).type !== "application/json") {
    throw new Problem(415, "Content-Type header is not application/json", { field: "Content-Type" });
  }
  const text = await readText(request);
  if (text.trim() === "") throw new EmptyBody();
  return parseJson(text);
}

/** A body without anything in it: its status is a matter of configuration. */
export class EmptyBody extends Problem {
  constructor() {
    super(400, "Request body is empty");
  }
}

/** @throws {Problem} 400 with the position of what is wrong, counted from 1. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    if (message.includes("after JSON")) {
      throw new Problem(400, "Request body must only contain a single JSON object");
    }
    const at = /at position (\d+)/.exec(message)?.[1];
    if (at === undefined) throw new Problem(400, "Request body contains badly-formed JSON");
    const position = Number(at) + 1;
    throw new Problem(400, `Request body contains badly-formed JSON (at position ${position})`, { position });
  }
}

function tooLarge(): Problem {
  return new Problem(413, `Request body is larger than ${MAX_BODY} bytes: send fewer events at once`);
}
