import { construct } from "./construct.ts";
import { parseDocuments } from "./parse_nodes.ts";

/**
 * Parses the first document of a text as Go's sigs.k8s.io/yaml does: YAML 1.1 scalars, keys as strings, numbers as
 * `number`; later documents are ignored. An empty text is `null`. Takes time in proportion to the text.
 *
 * @throws YamlError when Go would refuse the text, or when aliases or nesting go beyond the limits.
 */
export function parseYaml(text: string): unknown {
  const { value: first, done } = parseDocuments(withoutMark(text)).next();
  return done ? null : construct(first);
}

/**
 * Parses every document of a text; an empty document is `null`.
 *
 * @throws YamlError as `parseYaml` does.
 */
export function parseYamlDocuments(text: string): unknown[] {
  return Array.from(parseDocuments(withoutMark(text)), (root) => construct(root));
}

function withoutMark(text: string): string {
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}
