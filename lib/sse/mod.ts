/**
 * Server-sent events: a resumable journal, a hub that brings it to any number of clients, framing that nothing can be injected into.
 *
 * | file | what |
 * |---|---|
 * | `frame` | an event as bytes |
 * | `event_parser` | bytes as events, by the browsers' rules |
 * | `event_id` | `<epoch>-<seq>` |
 * | `journal` | where a connection resumes |
 * | `ring` | a journal in memory, bounded by bytes and age |
 * | `filter` | who wants an event, without asking everyone |
 * | `hub`, `group`, `client` | clients as places in the journal, written to once a tick |
 * | `sink`, `response_sink`, `tcp_sink` | the transport: a seam, a `Response` body, a bare connection |
 * | `timer_wheel` | heartbeats of thousands on one timer |
 *
 * @module
 */
export { SseError, type SseErrorReason } from "./errors.ts";
export { EventParser, type ServerEvent } from "./event_parser.ts";
export { type EventId, formatEventId, newEpoch, parseEventId } from "./event_id.ts";
export { type Filter, FilterIndex, filterKey, type Labels, matches } from "./filter.ts";
export { encodeFrame, type Frame, frameText, HEARTBEAT, isOneLine } from "./frame.ts";
export type { HubEntry } from "./group.ts";
export { type Connection, Hub, type HubOptions, type HubStats, type Recheck, type SubscribeOptions } from "./hub.ts";
export { EARLIEST, type Entry, type Journal, type ResetReason, type Resume, resumeFrom } from "./journal.ts";
export { type BodySink, bodySink, STREAM_HEADERS } from "./response_sink.ts";
export { Ring, type RingEntry, type RingOptions } from "./ring.ts";
export type { CloseReason, Sink } from "./sink.ts";
export { type StreamSocket, tcpSink } from "./tcp_sink.ts";
export { TimerWheel, type WheelTimer } from "./timer_wheel.ts";
