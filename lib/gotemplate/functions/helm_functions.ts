/**
 * Helm 4's own pure functions. `include`, `tpl`, `required`, `lookup` and `getHostByName` need a chart or a cluster and are
 * bound by who renders.
 *
 * @module
 */
import { decodeJson, JsonDecodeError, jsonKind } from "./json_decode.ts";
import { encodeJson, JsonEncodeError } from "./json_encode.ts";
import { encodeToml, TomlEncodeError } from "./toml_encode.ts";
import { decodeToml, TomlDecodeError } from "./toml_decode.ts";
import { yamlTree } from "./yaml_tree.ts";
import { emitYaml, emitYamlPretty, parseYaml, YamlError } from "../../yaml/mod.ts";
import { fn, FunctionError, type FunctionTable } from "../signature.ts";
import { fromJson, GoMap, toJson, types, type Value } from "../value.ts";

type Write = (value: Value) => string;

function toYamlText(value: Value): string {
  return trimNewline(emitYaml(toJson(value)));
}

function toPrettyYamlText(value: Value): string {
  return trimNewline(emitYamlPretty(yamlTree(value)));
}

function trimNewline(text: string): string {
  return text.endsWith("\n") ? text.slice(0, -1) : text;
}

/** Helm writes YAML by way of JSON: what JSON cannot show fails there. */
function checkJson(value: Value): void {
  try {
    encodeJson(value);
  } catch (error) {
    if (!(error instanceof JsonEncodeError)) throw error;
    throw new JsonEncodeError(`error marshaling into JSON: ${error.message}`, { cause: error });
  }
}

/** Whether an error says that the value has no such form, as opposed to a fault of ours. */
function isUnwritable(error: unknown): error is Error {
  // A value that JSON does not know (a function, a complex number) is a TypeError of the value model.
  return error instanceof YamlError || error instanceof JsonEncodeError || error instanceof TomlEncodeError ||
    error instanceof TypeError || error instanceof RangeError;
}

/** Writes; a value without such a form gives what `otherwise` makes of the error. */
function writer(write: Write, otherwise: (error: Error) => string) {
  return fn([types.any], types.string, (value) => {
    try {
      return write(value);
    } catch (error) {
      if (isUnwritable(error)) return otherwise(error);
      throw error;
    }
  });
}

const silent = () => "";
const failing = (error: Error): never => {
  throw new FunctionError(error.message, { cause: error });
};

function isUnreadable(error: unknown): error is Error {
  return error instanceof YamlError || error instanceof JsonDecodeError || error instanceof TomlDecodeError;
}

/** The message that Helm shows: YAML becomes JSON first. */
function complaintOf(error: Error): string {
  return error instanceof YamlError ? `error converting YAML to JSON: ${error.message}` : error.message;
}

/** Reads a map. A text that is none gives a map with the message under `Error`, as Helm does. */
function mapReader(
  read: (text: string) => Value,
  complain: (value: Value) => string,
  ofNull: () => GoMap = () => new GoMap(null),
) {
  return fn([types.string], types.map, (text) => {
    try {
      const value = read(text);
      if (value === null) return ofNull();
      return value instanceof GoMap ? value : new GoMap([["Error", complain(value)]]);
    } catch (error) {
      if (isUnreadable(error)) return new GoMap([["Error", complaintOf(error)]]);
      throw error;
    }
  });
}

/** Reads a list. A text that is none gives a list with the message. */
function listReader(read: (text: string) => Value, complain: (value: Value) => string) {
  return fn([types.string], types.slice, (text) => {
    try {
      const value = read(text);
      if (value === null) return [];
      return Array.isArray(value) ? value : [complain(value)];
    } catch (error) {
      if (isUnreadable(error)) return [complaintOf(error)];
      throw error;
    }
  });
}

const wrongKind = (wanted: string) => (value: Value) =>
  `json: cannot unmarshal ${jsonKind(value)} into Go value of type ${wanted}`;
const yamlWrongKind = (wanted: string) => (value: Value) =>
  `error unmarshaling JSON: while decoding JSON: ${wrongKind(wanted)(value)}`;
const yaml = (text: string) => fromJson(parseYaml(text));

/** `toYaml`, `fromYaml`, `toJson`, `toToml` and their like. They replace sprig's functions of the same names. */
export const helmTable: FunctionTable = {
  toYaml: writer(toYamlText, silent),
  mustToYaml: writer((value) => {
    checkJson(value);
    return toYamlText(value);
  }, failing),
  toYamlPretty: writer(toPrettyYamlText, silent),
  fromYaml: mapReader(yaml, yamlWrongKind(types.map.name)),
  fromYamlArray: listReader(yaml, yamlWrongKind(types.slice.name)),
  toJson: writer((value) => encodeJson(value), silent),
  mustToJson: writer((value) => encodeJson(value), failing),
  // JSON's `null` makes Go's map nil.
  fromJson: mapReader(decodeJson, wrongKind(types.map.name), () => new GoMap(null, types.map, true)),
  fromJsonArray: listReader(decodeJson, wrongKind(types.slice.name)),
  toToml: writer(encodeToml, (error) => error.message),
  mustToToml: writer(encodeToml, failing),
  fromToml: mapReader(decodeToml, wrongKind(types.map.name)),
};
