import { construct } from "./construct.ts";
import { YamlError } from "./errors.ts";
import { indentFlowLines } from "./flow_indent.ts";
import type { YamlNode } from "./node.ts";
import { parseToNodes } from "./parse_events.ts";

/**
 * Parses the first document of a text as Go's sigs.k8s.io/yaml does: YAML 1.1 scalars, keys as strings, numbers as
 * `number`; later documents are ignored. An empty text is `null`.
 *
 * @throws YamlError when Go would refuse the text, or when aliases or nesting go beyond the limits.
 */
export function parseYaml(text: string): unknown {
  const first = nodesOf(text, firstDocument)[0];
  return first === undefined ? null : construct(first);
}

/**
 * Parses every document of a text; an empty document is `null`.
 *
 * @throws YamlError as `parseYaml` does.
 */
export function parseYamlDocuments(text: string): unknown[] {
  return nodesOf(text, () => undefined).map((node) => node === undefined ? null : construct(node));
}

/** What the message says where lines of a flow collection may stand too far left for our parser, but not for Go's. */
const FAR_LEFT = /indentation|did not find expected|unexpected end of stream/;

/** Tries the text as it is, then a shorter text where that is enough, then a more indented one; the first error counts. */
function nodesOf(input: string, shorten: (text: string) => string | undefined): (YamlNode | undefined)[] {
  const text = input.startsWith("\uFEFF") ? input.slice(1) : input;
  try {
    return parseToNodes(text);
  } catch (error) {
    if (!(error instanceof YamlError) || error.reason !== "Syntax") throw error;
    const shorter = shorten(text);
    if (shorter !== undefined) return nodesOf(shorter, () => undefined);
    if (!FAR_LEFT.test(error.message)) throw error;
    return indented(text, error);
  }
}

function indented(text: string, first: YamlError): (YamlNode | undefined)[] {
  try {
    return parseToNodes(indentFlowLines(text));
  } catch (error) {
    throw error instanceof YamlError && error.reason === "Syntax" ? first : error;
  }
}

/** The text up to the second document marker: Go reads lazily, so it never sees an error behind it. */
function firstDocument(text: string): string | undefined {
  const marker = /^---(?=\s|$)/mg;
  const first = marker.exec(text);
  if (first === null) return undefined;
  const before = text.slice(0, first.index).replace(/^(?:[ \t]*(?:#.*)?|%.*)$/mg, "").trim();
  const end = before === "" ? marker.exec(text) : first;
  return end === null ? undefined : text.slice(0, end.index);
}
