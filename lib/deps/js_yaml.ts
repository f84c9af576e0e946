/** YAML parser and emitter. */
export * as jsyaml from "npm:js-yaml@5.5.0";
