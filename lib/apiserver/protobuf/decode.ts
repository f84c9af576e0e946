/** Reading the protobuf bodies that `kubectl create` and its like send. */
import { isObject, type JsonObject, setField } from "../json_value.ts";
import { type FieldType, type Message, MESSAGES, OPTIONS } from "./messages.ts";
import { readFields, WireError, type WireField } from "./wire.ts";

/** A body that is no object that can be read here. */
export class ProtobufError extends Error {
  override readonly name = "ProtobufError";
  /** @param reason `Malformed`: no such message; `Unsupported`: a kind or field that is not in the tables. */
  constructor(readonly reason: "Malformed" | "Unsupported", message: string) {
    super(message);
  }
}

/** `k8s` and a zero byte. */
const MAGIC = [0x6b, 0x38, 0x73, 0x00];

const text = new TextDecoder("utf-8", { fatal: true });

/**
 * An object from its protobuf form. A field that the tables do not know is an error, never left out.
 *
 * @throws ProtobufError
 */
export function decodeProtobuf(bytes: Uint8Array): JsonObject {
  if (MAGIC.some((byte, index) => bytes[index] !== byte)) {
    throw new ProtobufError("Malformed", "the body does not begin like a Kubernetes protobuf object");
  }
  try {
    return decodeEnvelope(bytes.subarray(MAGIC.length));
  } catch (error) {
    if (error instanceof ProtobufError) throw error;
    if (error instanceof WireError || error instanceof TypeError || error instanceof SyntaxError) {
      throw new ProtobufError("Malformed", error.message);
    }
    throw error;
  }
}

/** `runtime.Unknown`: the kind, and the object's own bytes. */
function decodeEnvelope(bytes: Uint8Array): JsonObject {
  const fields = readFields(bytes);
  const typeMeta = readFields(bytesOf(fields.find((field) => field.number === 1)));
  const apiVersion = text.decode(bytesOf(typeMeta.find((field) => field.number === 1)));
  const kind = text.decode(bytesOf(typeMeta.find((field) => field.number === 2)));
  const message = MESSAGES[`${apiVersion} ${kind}`] ?? OPTIONS[kind];
  if (message === undefined) {
    throw new ProtobufError("Unsupported", `protobuf bodies of ${apiVersion} ${kind} are not read`);
  }
  const object = decodeMessage(message, bytesOf(fields.find((field) => field.number === 2)), kind);
  return { apiVersion, kind, ...object };
}

function bytesOf(field: WireField | undefined): Uint8Array {
  if (field === undefined) return new Uint8Array();
  if (typeof field.value === "bigint") throw new ProtobufError("Malformed", `field ${field.number} is a number`);
  return field.value;
}

function numberOf({ number, value }: WireField): number {
  if (typeof value !== "bigint") throw new ProtobufError("Malformed", `field ${number} is no number`);
  return Number(value);
}

function decodeMessage(message: Message, bytes: Uint8Array, path: string): JsonObject {
  const object: JsonObject = {};
  for (const field of readFields(bytes)) {
    const known = message[field.number];
    if (known === undefined) {
      throw new ProtobufError("Unsupported", `field ${field.number} of ${path} is not read from protobuf bodies`);
    }
    const [name, type] = known;
    const value = decodeField(type, field, `${path}.${name}`, object[name]);
    if (value !== undefined) object[name] = value;
  }
  return object;
}

/** The value of a field, `undefined` for Go's zero. @param before What the field had: lists and maps come piece by piece. */
function decodeField(type: FieldType, field: WireField, path: string, before: unknown): unknown {
  if (typeof type === "object") {
    if ("message" in type) return decodeMessage(type.message, bytesOf(field), path);
    const item = type.list === "string" ? text.decode(bytesOf(field)) : decodeMessage(type.list, bytesOf(field), path);
    return [...Array.isArray(before) ? before : [], item];
  }
  switch (type) {
    case "string":
      return text.decode(bytesOf(field)) || undefined;
    case "bytes":
      return bytesOf(field).toBase64();
    case "int":
      return numberOf(field) || undefined;
    case "optional int":
      return numberOf(field);
    case "bool":
      return numberOf(field) !== 0 || undefined;
    case "optional bool":
      return numberOf(field) !== 0;
    case "time":
      return decodeTime(bytesOf(field));
    case "int or string":
      return decodeIntOrString(bytesOf(field));
    case "strings map":
    case "bytes map":
      return addEntry(before, bytesOf(field), type === "bytes map");
    case "json":
      return decodeRawJson(bytesOf(field));
    case "ignored":
      return undefined;
  }
}

function decodeTime(bytes: Uint8Array): string | undefined {
  const seconds = readFields(bytes).find((field) => field.number === 1);
  return seconds === undefined ? undefined : new Date(numberOf(seconds) * 1000).toISOString().replace(".000Z", "Z");
}

function decodeIntOrString(bytes: Uint8Array): number | string {
  const fields = new Map(readFields(bytes).map((field) => [field.number, field]));
  const type = fields.get(1);
  const [int, string] = [fields.get(2), fields.get(3)];
  if (type !== undefined && numberOf(type) === 1) return text.decode(bytesOf(string));
  return int === undefined ? 0 : numberOf(int);
}

/** JSON text within a message of its own. */
function decodeRawJson(bytes: Uint8Array): unknown {
  const raw = text.decode(bytesOf(readFields(bytes).find((field) => field.number === 1)));
  return raw === "" ? undefined : JSON.parse(raw);
}

function addEntry(before: unknown, bytes: Uint8Array, binary: boolean): JsonObject {
  const fields = readFields(bytes);
  const value = bytesOf(fields.find((field) => field.number === 2));
  const map: JsonObject = isObject(before) ? before : {};
  setField(
    map,
    text.decode(bytesOf(fields.find((field) => field.number === 1))),
    binary ? value.toBase64() : text.decode(value),
  );
  return map;
}
