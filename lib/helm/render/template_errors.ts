import { TemplateError } from "../../gotemplate/mod.ts";
import { RenderError, type RenderErrorReason } from "./errors.ts";
import { markedMessage } from "./template_functions.ts";

/** A template's parse error in Helm's form: `parse error at (FILE:LINE): MESSAGE`. */
export function parseFailure(file: string, error: TemplateError): RenderError {
  if (error.reason === "limit") return new RenderError("TooDeep", error.message, { cause: error });
  const parts = error.message.split(": ");
  const text = parts.length === 1
    ? `parse error in (${file}): ${error.message}`
    : `parse error at (${parts[1]}): ${parts.at(-1)}`;
  return new RenderError("Parse", text, { cause: error });
}

/**
 * An execution error in Helm 4's form: the message alone for `fail` and `required`, otherwise the chain of templates, one
 * below the other, where every link of it is a template's.
 */
export function executionFailure(file: string, error: TemplateError): RenderError {
  const reason = reasonOf(error);
  const second = error.message.indexOf(": ", "template: ".length);
  if (!error.message.startsWith("template: ") || second < 0) {
    return new RenderError(reason, `execution error in (${file}): ${error.message}`, { cause: error });
  }
  const message = markedMessage(error.message);
  if (message !== undefined) {
    const place = error.message.slice("template: ".length, second);
    return new RenderError(reason, `execution error at (${place}): ${message}`, { cause: error });
  }
  return new RenderError(reason, chainText(error) ?? error.message, { cause: error });
}

function reasonOf(error: TemplateError): RenderErrorReason {
  if (error.reason !== "limit") return "Execution";
  return /output exceeds|string length/.test(error.message) ? "OutputTooLarge" : "TooDeep";
}

/** The chain's text; undefined where a link is not a template's message: Helm shows the plain message then. */
function chainText(error: TemplateError): string | undefined {
  const lines: string[] = [];
  for (let link: unknown = error; link !== undefined; link = link instanceof Error ? link.cause : undefined) {
    const text = link instanceof Error ? linkText(link.message) : undefined;
    if (text === undefined) return undefined;
    if (lines.at(-1) !== text) lines.push(text);
  }
  return lines.join("").trim();
}

function linkText(message: string): string | undefined {
  if (!message.startsWith("template: ")) return undefined;
  const rest = message.slice("template: ".length);
  if (rest.startsWith("no template ")) return `${message}\n`;
  const executing = executingLink(rest);
  if (executing !== undefined) {
    const { place, name, node, text } = executing;
    return `${place}\n  executing "${name}" at <${node}>:\n    ${withoutNext(text)}\n`;
  }
  const cut = rest.lastIndexOf(": ");
  return cut < 0 ? undefined : `${rest.slice(0, cut)}\n  ${withoutNext(rest.slice(cut + 2))}\n`;
}

const EXECUTING = ': executing "';
const AT_NODE = '" at <';
const NODE_END = ">: ";

/** The parts of `PLACE: executing "NAME" at <NODE>: TEXT`. In time proportional to the text, which a chart makes. */
function executingLink(link: string) {
  for (let from = link.indexOf(EXECUTING); from >= 0; from = link.indexOf(EXECUTING, from + 1)) {
    const nameStart = from + EXECUTING.length;
    const nameEnd = link.indexOf('"', nameStart);
    if (nameEnd < 0 || !link.startsWith(AT_NODE, nameEnd)) continue;
    const nodeStart = nameEnd + AT_NODE.length;
    const nodeEnd = link.indexOf(NODE_END, nodeStart);
    if (nodeEnd < 0) return undefined;
    return {
      place: link.slice(0, from),
      name: link.slice(nameStart, nameEnd),
      node: link.slice(nodeStart, nodeEnd),
      text: link.slice(nodeEnd + NODE_END.length),
    };
  }
  return undefined;
}

/** The message up to the next link, which has lines of its own. */
function withoutNext(text: string): string {
  const cut = text.indexOf(" template:");
  return cut < 0 ? text : text.slice(0, cut);
}
