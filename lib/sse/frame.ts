/** Server-sent events as bytes (WHATWG HTML, "Server-sent events"), safe against injection. */
import { SseError } from "./errors.ts";

/** One event on the wire. */
export interface Frame {
  /** Name that listeners wait for; without one it is `message`. */
  readonly event?: string;
  /** What a client sends back as `Last-Event-ID`. */
  readonly id?: string;
  /** ms that a client waits before it connects again. */
  readonly retry?: number;
  /** Any text; each of its lines becomes a `data` line. Without data no event is dispatched, but `id` and `retry` count. */
  readonly data?: string;
}

const encoder = new TextEncoder();

/** The comment that opens a stream and keeps it alive: it makes proxies pass the headers on, and clients ignore it. */
export const HEARTBEAT: Uint8Array = encoder.encode(":\n");

/**
 * The text of a frame, ended by an empty line.
 *
 * @throws {SseError} `ControlCharacter` where `event` or `id` has CR, LF or NUL: it would end the field, or be ignored by clients;
 * `InvalidRetry` where `retry` is no whole number ≥ 0.
 */
export function frameText({ event, id, retry, data }: Frame): string {
  let text = "";
  if (event !== undefined) text += `event: ${oneLine("event", event)}\n`;
  if (retry !== undefined) text += `retry: ${wholeNumber(retry)}\n`;
  if (id !== undefined) text += `id: ${oneLine("id", id)}\n`;
  if (data !== undefined) text += dataLines(data);
  return `${text}\n`;
}

/** {@linkcode frameText} in UTF-8. */
export function encodeFrame(frame: Frame): Uint8Array {
  return encoder.encode(frameText(frame));
}

/** Whether a text can stand in a one-line field. */
export function isOneLine(text: string): boolean {
  return !/[\r\n\0]/.test(text);
}

function oneLine(field: string, text: string): string {
  if (isOneLine(text)) return text;
  throw new SseError(
    "ControlCharacter",
    `Cannot frame the ${field} ${JSON.stringify(text)}: it has a line break or a NUL: remove it`,
  );
}

function wholeNumber(retry: number): number {
  if (Number.isSafeInteger(retry) && retry >= 0) return retry;
  throw new SseError("InvalidRetry", `Cannot frame the retry time ${retry}: give a whole number of ms`);
}

/** JSON on one line is by far the most frequent, so it is looked for before anything is split. */
function dataLines(data: string): string {
  if (!/[\r\n]/.test(data)) return `data: ${data}\n`;
  return data.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`).join("");
}
