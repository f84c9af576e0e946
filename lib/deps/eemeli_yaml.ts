/** The fallback YAML parser, for the few documents that js-yaml refuses and Go accepts. */
export { parseAllDocuments, parseDocument } from "npm:yaml@2.9.1";
