/** One delivery as a message of RFC 5424. */
import { lineOf } from "./_body.ts";
import type { Delivery } from "./types.ts";

/** What {@linkcode syslogMessage} cannot know. */
export interface SyslogFormat {
  /** 0 to 23. */
  readonly facility: number;
  readonly appName: string;
  /** SD-ID of the structured data. */
  readonly structuredDataId: string;
  /** Bytes; a longer message is cut at its end. */
  readonly maxBytes: number;
}

const NIL = "-";
const encoder = new TextEncoder();

/** `<PRI>1 TIME HOST APP PROCID MSGID [SD] MSG`, in UTF-8. */
export function syslogMessage(delivery: Delivery, format: SyslogFormat): Uint8Array<ArrayBuffer> {
  const { event, cluster } = delivery;
  const header = [
    `<${format.facility * 8 + severityOf(event.type)}>1`,
    timestamp(delivery.time),
    printable(event.source?.host || cluster, 255),
    printable(format.appName, 48),
    NIL,
    printable(event.reason, 32),
    structuredData(delivery, format.structuredDataId),
  ].join(" ");
  return cut(encoder.encode(`${header} ${withoutControls(lineOf(delivery))}`), format.maxBytes);
}

/** Warning, informational; notice for the types that Kubernetes does not define. */
function severityOf(type: string | undefined): number {
  return type === "Warning" ? 4 : type === "Normal" ? 6 : 5;
}

/** RFC 3339 with at most six digits of a second and upper-case letters; nil where it is no time. */
function timestamp(time: string): string {
  const parts = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)$/i.exec(time);
  if (parts === null) return NIL;
  const [, date, clock, fraction = "", zone = ""] = parts;
  return `${date}T${clock}${fraction.slice(0, 7)}${zone.toUpperCase()}`;
}

/** A header's field: printable ASCII without spaces. */
function printable(text: string | undefined, length: number): string {
  return (text ?? "").replace(/[^\x21-\x7e]/g, "_").slice(0, length) || NIL;
}

function structuredData({ id, event, compositionId, cluster }: Delivery, sdId: string): string {
  const { kind, namespace, name, uid } = event.involvedObject;
  const component = event.source?.component || event.reportingComponent;
  const all = { id, cluster, composition: compositionId, namespace, kind, name, uid, reason: event.reason, component };
  const count = event.count === undefined ? undefined : String(event.count);
  const params = Object.entries({ ...all, count }).flatMap(([key, value]) =>
    value ? [`${key}="${escaped(value)}"`] : []
  );
  return `[${[sdId, ...params].join(" ")}]`;
}

/** `"`, `\` and `]` have a meaning in a parameter's value (RFC 5424, 6.3.3). */
function escaped(value: string): string {
  return withoutControls(value).replace(/["\\\]]/g, "\\$&");
}

/** A line end would be a new message to many receivers, other control characters act on terminals. */
function withoutControls(text: string): string {
  return text.toWellFormed().replace(
    /\p{Cc}/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** At most `length` bytes, and no half of a character. */
function cut(bytes: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  if (bytes.length <= length) return bytes;
  let end = length;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end);
}
