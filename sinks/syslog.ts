/** Events as messages of RFC 5424, over TCP, TLS or UDP. */
import { createSocket } from "node:dgram";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { deliver, oneAtATime, orAborted, throwIfAborted } from "./_batch.ts";
import { integer, object, oneOf, string } from "./_schema.ts";
import { type SyslogFormat, syslogMessage } from "./_syslog_message.ts";
import { isTlsFailure, nodeTlsFor, type NodeTlsOptions, tlsMaterial, tlsSchema, type TlsSettings } from "./_tls.ts";
import { type Delivery, type Sink, SinkError, type SinkKind } from "./types.ts";

/** Settings of `spec.sink.syslog`. */
export interface SyslogSettings {
  readonly host: string;
  /** Default 6514 for TLS, else 514. */
  readonly port?: number;
  /** Default `tcp`. */
  readonly transport?: "tcp" | "tls" | "udp";
  /** Default `local0`. */
  readonly facility?: string;
  readonly appName?: string;
  readonly structuredDataId?: string;
  /** Bytes of a message; the rest of it is cut off. Default 2048 for UDP, else 65536. */
  readonly maxBytes?: number;
  readonly tls?: TlsSettings;
}

const FACILITIES = [
  ...["kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news"],
  ...["uucp", "cron", "authpriv", "ftp", "ntp", "audit", "alert", "clock"],
  ...["local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7"],
];

/**
 * `spec.sink.syslog`. The protocol has no acknowledgement: what was written into a connection that breaks may be lost, so that this
 * sink takes no part in the checkpoint.
 */
export const syslog: SinkKind<SyslogSettings> = {
  name: "syslog",
  acknowledges: false,
  schema: object("Sends each event as a syslog message (RFC 5424).", {
    host: string("Name or address of the server.", { maxLength: 253 }),
    port: integer("Port; 6514 for TLS, else 514 by default.", 1, 65535),
    transport: oneOf("TCP and TLS count octets (RFC 6587, RFC 5425).", ["tcp", "tls", "udp"]),
    facility: oneOf("Facility.", FACILITIES, { default: "local0" }),
    appName: string("APP-NAME.", { maxLength: 48, default: "kco" }),
    structuredDataId: string("SD-ID of the structured data: name@private-enterprise-number.", {
      maxLength: 32,
      pattern: "^[!#-<>-\\\\^-~]+$",
      default: "kubernetes@32473",
    }),
    maxBytes: integer(
      "Bytes of a message, of which the rest is cut off; 2048 for UDP, else 65536 by default.",
      480,
      1_048_576,
    ),
    tls: tlsSchema,
  }, ["host"]),
  async open(settings, context) {
    const { host, transport = "tcp" } = settings;
    const port = settings.port ?? (transport === "tls" ? 6514 : 514);
    const label = `syslog ${transport}://${host}:${port}`;
    const format: SyslogFormat = {
      facility: Math.max(FACILITIES.indexOf(settings.facility ?? "local0"), 0),
      appName: settings.appName ?? "kco",
      structuredDataId: settings.structuredDataId ?? "kubernetes@32473",
      maxBytes: settings.maxBytes ?? (transport === "udp" ? 2048 : 65536),
    };
    if (transport === "udp") return udpSink(host, port, format, label);
    const tls = transport === "tls" ? nodeTlsFor(host, await tlsMaterial(settings.tls, context)) : undefined;
    return streamSink(
      () => tls === undefined ? connectTcp({ host, port }) : connectSafely(host, port, tls),
      format,
      label,
    );
  },
};

function connectSafely(host: string, port: number, tls: NodeTlsOptions): Socket {
  return connectTls({ host, port, ...tls });
}

/** Connects when there is something to send, and anew after the connection has ended. */
function streamSink(connect: () => Socket, format: SyslogFormat, label: string): Sink {
  const inTurn = oneAtATime();
  let connection: Connection | undefined;
  const send = async (batch: readonly Delivery[], signal: AbortSignal) => {
    throwIfAborted(signal, batch, label);
    if (connection === undefined || connection.ended) connection = new Connection(connect());
    const current = connection;
    try {
      await orAborted(current.write(framed(batch, format)), signal, batch, label);
    } catch (error) {
      // Half a message may have been written: only a new connection begins at a message again.
      current.end();
      throw error instanceof SinkError ? error : socketError(error, batch, label);
    }
  };
  return {
    send: (batch, signal) => inTurn(() => send(batch, signal)),
    close: () => inTurn(async () => await connection?.close()),
  };
}

/** Each message after its length in octets. */
function framed(batch: readonly Delivery[], format: SyslogFormat): Uint8Array<ArrayBuffer> {
  const parts = batch.flatMap((delivery) => {
    const message = syslogMessage(delivery, format);
    return [new TextEncoder().encode(`${message.length} `), message];
  });
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** A socket of which the end is noticed before the next write. */
class Connection {
  ended = false;
  readonly #socket: Socket;
  readonly #ready: Promise<void>;
  readonly #closed: Promise<void>;

  constructor(socket: Socket) {
    this.#socket = socket;
    const ready = Promise.withResolvers<void>();
    const closed = Promise.withResolvers<void>();
    this.#ready = ready.promise;
    this.#closed = closed.promise;
    this.#ready.catch(() => undefined); // write() has the error as well
    socket.once("encrypted" in socket ? "secureConnect" : "connect", () => ready.resolve());
    socket.on("error", (error) => {
      this.ended = true;
      ready.reject(error);
    });
    socket.on("end", () => this.end());
    socket.on("close", () => {
      this.ended = true;
      ready.reject(new Error("the connection was closed"));
      closed.resolve();
    });
    socket.resume(); // a server sends nothing, but its end is noticed only by reading
    socket.setNoDelay(true);
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.#ready;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#closed.then(() => reject(new Error("the connection was closed")));
    this.#socket.write(bytes, (error) => error ? reject(error) : resolve());
    await promise;
  }

  end(): void {
    this.ended = true;
    this.#socket.destroy();
  }

  /** Ends the connection after what was written. */
  async close(): Promise<void> {
    if (!this.ended) this.#socket.end();
    this.ended = true;
    this.#socket.destroySoon();
    await this.#closed;
  }
}

function udpSink(host: string, port: number, format: SyslogFormat, label: string): Sink {
  const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
  socket.on("error", () => {}); // each send() has its own error
  const send = (message: Uint8Array) =>
    new Promise<void>((resolve, reject) => {
      socket.send(message, port, host, (error) => error ? reject(error) : resolve());
    });
  return {
    async send(batch, signal) {
      for (const delivery of batch) {
        throwIfAborted(signal, batch, label);
        await send(syslogMessage(delivery, format)).catch((error: unknown) => {
          throw socketError(error, batch, label);
        });
      }
    },
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

function socketError(error: unknown, batch: readonly Delivery[], label: string): SinkError {
  const text = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const tls = isTlsFailure(`${code} ${text}`);
  return new SinkError(
    tls ? "Misconfigured" : "Unavailable",
    `Cannot ${deliver(batch)} to ${label}: ${tls ? `TLS: ${text}: check tls and the certificate` : text}`,
    { cause: error },
  );
}
