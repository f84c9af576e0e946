/** Events to eventsse, which streams them to browsers. */
import { deliver, sendEach } from "./_batch.ts";
import { httpProperties, type HttpSettings, openHttp } from "./_http.ts";
import { httpUrl, object, oneOf } from "./_schema.ts";
import type { Delivery, SinkKind } from "./types.ts";

/** Settings of `spec.sink.sse`. */
export interface SseSettings extends HttpSettings {
  /** `POST` here: `http://eventsse-internal.demo-system.svc/handle`. */
  readonly url: string;
  /** `array`: a batch in one request; `single`: one Event in each, as the original eventsse wants it. */
  readonly mode?: "array" | "single";
}

/** `spec.sink.sse`. The Event itself is posted, whatever the Registration's layout. */
export const sse: SinkKind<SseSettings> = {
  name: "sse",
  acknowledges: true,
  // eventsse takes requests of up to 1 MiB.
  batch: { bytes: 768 * 1024 },
  schema: object("Posts the Events to eventsse, which streams them to browsers. A layout does not apply.", {
    url: httpUrl("Address of eventsse's /handle."),
    mode: oneOf("Whether a batch is one request with an array, or a request for each Event as the original has it.", [
      "array",
      "single",
    ]),
    ...httpProperties,
  }, ["url"]),
  async open(settings, context) {
    const http = await openHttp(settings, { url: settings.url }, context);
    const post = async (what: string, value: unknown, signal: AbortSignal) => {
      const headers = { "content-type": "application/json" };
      await http.send({ what, headers, body: JSON.stringify(value), signal });
    };
    const postAll = (batch: readonly Delivery[], signal: AbortSignal) => {
      const events = batch.map(({ event }) => event);
      return post(deliver(batch), events.length === 1 ? events[0] : events, signal);
    };
    return {
      send: (batch, signal) =>
        settings.mode === "single"
          ? sendEach(batch, (one) => post(deliver([one]), one.event, signal))
          : postAll(batch, signal),
      close: () => Promise.resolve(http.close()),
    };
  },
};
