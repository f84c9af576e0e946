/** Structured logs. */
export { configure, getConsoleSink, getLogger, jsonLinesFormatter, reset } from "npm:@logtape/logtape@2.4.2";
export type { Logger, LogRecord, Sink } from "npm:@logtape/logtape@2.4.2";
