/**
 * YAML as Go's Kubernetes tools read and write it.
 *
 * @module
 */
export { parseYaml, parseYamlDocuments } from "./parse.ts";
export { emitYaml, emitYamlPretty, PlainScalar } from "./emit.ts";
export { setKey } from "./construct.ts";
export { YamlError, type YamlErrorReason } from "./errors.ts";
export { formatGoFloat } from "./float.ts";
