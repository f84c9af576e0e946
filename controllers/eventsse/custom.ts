/** `POST /publish`: events that are not of Kubernetes. */
import { isOneLine } from "../../lib/sse/mod.ts";
import { parseJson, parseMediaType, readText } from "./body.ts";
import { isMap, KRATEO_TOPIC, type Message } from "./message.ts";
import { Problem } from "./problem.ts";

/** Event names that this server sends itself. */
const RESERVED_TYPES = ["reset", "drain", KRATEO_TOPIC];
const FIELDS = ["channel", "type", "id", "data"];
/** Characters of channel, type and id. */
const MAX_NAME = 256;

/**
 * Reads a custom event: JSON `{channel, type?, id?, data}`, or text with the rest in the query.
 *
 * `data` may be any JSON; text is sent as it is. `id` makes publishing repeatable: the second one with it is not sent again.
 *
 * @throws {Problem} 400 that names the field, 413, 415.
 */
export async function readCustom(request: Request, now: number): Promise<Message> {
  const { type } = parseMediaType(request.headers.get("Content-Type") ?? "");
  const text = await readText(request);
  if (type === "application/json") return customMessage(fieldsOfJson(text), now);
  if (type !== "text/plain") {
    throw new Problem(415, "Content-Type header is neither application/json nor text/plain", { field: "Content-Type" });
  }
  const query = new URL(request.url).searchParams;
  return customMessage({ ...Object.fromEntries(query), data: text }, now);
}

function fieldsOfJson(text: string): Readonly<Record<string, unknown>> {
  if (text.trim() === "") throw new Problem(400, "Request body is empty");
  const value = parseJson(text);
  if (!isMap(value)) throw new Problem(400, 'Request body must be an object with "channel" and "data"');
  return value;
}

function customMessage(fields: Readonly<Record<string, unknown>>, now: number): Message {
  const unknown = Object.keys(fields).find((name) => !FIELDS.includes(name) && name !== "ticket");
  if (unknown !== undefined) throw new Problem(400, `Field "${unknown}" is not known`, { field: unknown });
  const channel = name(fields, "channel");
  if (channel === undefined) throw new Problem(400, 'Field "channel" is missing', { field: "channel" });
  if (channel === KRATEO_TOPIC) {
    throw new Problem(400, `Channel "${channel}" is for POST /handle`, { field: "channel" });
  }
  const type = name(fields, "type") ?? "message";
  if (RESERVED_TYPES.includes(type)) throw new Problem(400, `Type "${type}" is reserved`, { field: "type" });
  const id = name(fields, "id");
  const { data } = fields;
  if (data === undefined) throw new Problem(400, 'Field "data" is missing', { field: "data" });
  return {
    source: "custom",
    names: [type],
    data: typeof data === "string" ? data : JSON.stringify(data),
    labels: { topic: [channel], type: [type] },
    time: now,
    ...(id === undefined ? {} : { dedupe: JSON.stringify([channel, id]) }),
  };
}

/** A field that stands on one line. */
function name(fields: Readonly<Record<string, unknown>>, field: string): string | undefined {
  const value = fields[field];
  if (value === undefined) return undefined;
  const isName = typeof value === "string" && value !== "" && value.length <= MAX_NAME && isOneLine(value);
  if (isName) return value;
  const rule = `must be text of 1 to ${MAX_NAME} characters without line breaks and NUL`;
  throw new Problem(400, `Field "${field}" ${rule}`, { field });
}
