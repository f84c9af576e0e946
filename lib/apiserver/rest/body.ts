/** Request bodies: bytes to objects. */
import type { KubeObject } from "../../kube/mod.ts";
import { isObject, type JsonObject } from "../json_value.ts";
import { ApiError, badRequest } from "../status.ts";
import type { Exchange } from "./exchange.ts";
import type { Target } from "./target.ts";

/** Largest body, as in the real server, in bytes. */
const MAX_BODY = 3 * 1024 * 1024;

const PROTOBUF_TYPE = "application/vnd.kubernetes.protobuf";
const YAML_TYPES: readonly string[] = ["application/yaml", "application/x-yaml", "text/yaml"];

/** The media type of the body, lower case, without parameters; empty where none is said. */
export function contentType(exchange: Exchange): string {
  return (exchange.header("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
}

/**
 * The body as a JSON value; `undefined` where it is empty.
 *
 * @param yaml Whether the bytes may be YAML, of which JSON is a part.
 * @throws ApiError `BadRequest`, `RequestEntityTooLarge`
 */
export async function readValue(exchange: Exchange, yaml: boolean): Promise<unknown> {
  const bytes = await exchange.body();
  if (bytes.length === 0) return undefined;
  if (bytes.length > MAX_BODY) {
    throw new ApiError("RequestEntityTooLarge", `Request entity too large: limit is ${MAX_BODY}`);
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw badRequest("the body of the request is not UTF-8 text");
  }
  return yaml && !text.trimStart().startsWith("{") ? await parseYamlText(text) : parseJson(text);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badRequest(`couldn't get version/kind; json parse error: ${error instanceof Error ? error.message : error}`);
  }
}

/** YAML bodies are rare: kubectl and Helm send JSON, so the parser is loaded on first use. */
async function parseYamlText(text: string): Promise<unknown> {
  const { parseYaml } = await import("../../yaml/mod.ts");
  try {
    return parseYaml(text);
  } catch (error) {
    throw badRequest(`error converting YAML to JSON: ${error instanceof Error ? error.message : error}`);
  }
}

/**
 * The object in the body of a create or update.
 *
 * @param target Whose kind and version an object of a built-in kind has where it says none itself, as in the real server.
 * @throws ApiError `BadRequest`, `UnsupportedMediaType`
 */
export async function readObject(exchange: Exchange, target?: Target): Promise<KubeObject> {
  const type = contentType(exchange);
  if (type === PROTOBUF_TYPE) return asKubeObject(await readProtobuf(await exchange.body()));
  const yaml = YAML_TYPES.includes(type);
  if (type !== "" && type !== "application/json" && !yaml) throw unsupported(type);
  const value = await readValue(exchange, yaml);
  if (target?.served.definition.origin === "builtin" && target.subresource === undefined && isObject(value)) {
    value.apiVersion ??= target.served.apiVersion(target.version);
    value.kind ??= target.served.kind;
  }
  return asKubeObject(value);
}

/**
 * The options in the body of a delete; `undefined` where it is empty.
 *
 * @throws ApiError `BadRequest`, `UnsupportedMediaType`
 */
export async function readDeleteOptions(exchange: Exchange): Promise<unknown> {
  if (contentType(exchange) !== PROTOBUF_TYPE) return await readValue(exchange, true);
  const bytes = await exchange.body();
  return bytes.length === 0 ? undefined : await readProtobuf(bytes);
}

/** Loaded on first use: only kubectl's imperative commands send it. */
async function readProtobuf(bytes: Uint8Array): Promise<unknown> {
  const { decodeProtobuf, ProtobufError } = await import("../protobuf/mod.ts");
  try {
    return decodeProtobuf(bytes);
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error;
    throw error.reason === "Malformed" ? badRequest(error.message) : unsupported(PROTOBUF_TYPE, error.message);
  }
}

/** 415 that says what to do instead. */
export function unsupported(type: string, why = `the embedded API server does not decode ${type}`): ApiError {
  const accepted = "accepted media types include: application/json, application/yaml";
  const hint = type.includes("protobuf") || type.includes("cbor")
    ? `: ${why}; send JSON, e.g. with "kubectl create -f" or "kubectl apply -f"`
    : "";
  return new ApiError(
    "UnsupportedMediaType",
    `the body of the request was in an unknown format - ${accepted}${hint}`,
  );
}

/**
 * Checks that a value has the outline of a Kubernetes object: here bytes become a type.
 *
 * @throws ApiError `BadRequest`
 */
export function asKubeObject(value: unknown): KubeObject {
  if (!isObject(value)) throw badRequest("the body of the request is not a JSON object");
  const { apiVersion, kind } = value;
  if (typeof kind !== "string" || kind === "") throw badRequest(`Object 'Kind' is missing in '${shorten(value)}'`);
  if (typeof apiVersion !== "string" || apiVersion === "") {
    throw badRequest(`Object 'apiVersion' is missing in '${shorten(value)}'`);
  }
  value.metadata ??= {};
  if (!isObject(value.metadata)) throw badRequest(`${kind}: metadata must be an object`);
  return value as KubeObject;
}

function shorten(value: JsonObject): string {
  const text = JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
