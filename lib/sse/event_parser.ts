/** Reads an event stream as a browser does (WHATWG HTML, "Interpreting an event stream"). */

/** One dispatched event. */
export interface ServerEvent {
  /** `message` where the stream names none. */
  readonly event: string;
  readonly data: string;
  /** The id in force, also where it came with an earlier event. */
  readonly lastEventId: string;
}

/**
 * Takes a stream's text in pieces of any size and returns what it dispatches.
 *
 * Unlike a browser's it also counts comments, so that heartbeats can be seen.
 */
export class EventParser {
  /** The id in force: what a reconnect sends. */
  lastEventId = "";
  /** ms asked for by the stream's last `retry` field. */
  retry: number | undefined;
  /** Comments seen so far. */
  comments = 0;
  #rest = "";
  #afterCarriageReturn = false;
  #start = true;
  #event = "";
  #id = "";
  #data: string[] = [];

  constructor(lastEventId = "") {
    this.lastEventId = this.#id = lastEventId;
  }

  /** The events that this piece completes. */
  push(text: string): ServerEvent[] {
    if (this.#start && text !== "") {
      this.#start = false;
      if (text.startsWith("\uFEFF")) text = text.slice(1);
    }
    // CR LF is one line end, also when the pieces part them.
    if (text === "") return [];
    if (this.#afterCarriageReturn && text.startsWith("\n")) text = text.slice(1);
    this.#afterCarriageReturn = text.endsWith("\r");

    const lines = (this.#rest + text).split(/\r\n|\r|\n/);
    this.#rest = lines.pop() ?? "";
    const events: ServerEvent[] = [];
    for (const line of lines) {
      const event = this.#line(line);
      if (event !== undefined) events.push(event);
    }
    return events;
  }

  #line(line: string): ServerEvent | undefined {
    if (line === "") return this.#dispatch();
    const colon = line.indexOf(":");
    if (colon === 0) {
      this.comments++;
      return undefined;
    }
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
    if (field === "event") this.#event = value;
    else if (field === "data") this.#data.push(value);
    else if (field === "id" && !value.includes("\0")) this.#id = value;
    else if (field === "retry" && /^[0-9]+$/.test(value)) this.retry = Number(value);
    return undefined;
  }

  #dispatch(): ServerEvent | undefined {
    this.lastEventId = this.#id;
    const event = this.#event || "message";
    const data = this.#data;
    this.#event = "";
    this.#data = [];
    if (data.length === 0) return undefined;
    return { event, data: data.join("\n"), lastEventId: this.lastEventId };
  }
}
