/** Where logs go. */
import { configure, jsonLinesFormatter, type LogRecord } from "../lib/deps/logtape.ts";

/** Lowest level that is written. */
export type LogLevel = "debug" | "info" | "warning" | "error";

/** How a record is written: JSON lines for machines, `text` for people at a terminal. */
export type LogFormat = "json" | "text";

/** Sends all logs to standard error. */
export async function configureLogs(level: LogLevel, format: LogFormat): Promise<void> {
  const toText = format === "json" ? jsonLinesFormatter : humanLine;
  const encoder = new TextEncoder();
  await configure({
    sinks: { stderr: (record) => Deno.stderr.writeSync(encoder.encode(toText(record))) },
    loggers: [
      { category: "kco", sinks: ["stderr"], lowestLevel: level },
      { category: ["logtape", "meta"], sinks: ["stderr"], lowestLevel: "error" },
    ],
    reset: true,
  });
}

/** `warning manager: Cannot reconcile …` */
function humanLine({ level, category, message }: LogRecord): string {
  const text = message.map((part) => typeof part === "string" ? part : String(part)).join("");
  return `${level} ${category.slice(1).join(".")}: ${text}\n`;
}
