import assert from "node:assert/strict";
import { decodeProtobuf, ProtobufError } from "./mod.ts";

const encoder = new TextEncoder();

/** A field of bytes or text. */
function field(number: number, content: string | Uint8Array): Uint8Array {
  const bytes = typeof content === "string" ? encoder.encode(content) : content;
  return Uint8Array.from([number << 3 | 2, bytes.length, ...bytes]);
}

function message(...fields: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(fields.flatMap((bytes) => [...bytes]));
}

function envelope(apiVersion: string, kind: string, raw: Uint8Array): Uint8Array {
  return message(encoder.encode("k8s\0"), field(1, message(field(1, apiVersion), field(2, kind))), field(2, raw));
}

const META = field(1, message(field(1, "a"), field(2, ""), field(3, "n"), field(8, new Uint8Array())));

Deno.test("decodeProtobuf() reads maps, and leaves Go's zeros out", () => {
  const raw = message(
    META,
    field(2, message(field(1, "x"), field(2, "1"))),
    field(2, message(field(1, "y"), field(2, "2"))),
  );
  assert.deepEqual(decodeProtobuf(envelope("v1", "ConfigMap", raw)), {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "a", namespace: "n" },
    data: { x: "1", y: "2" },
  });
});

Deno.test("decodeProtobuf() keeps a pointer to zero", () => {
  const raw = message(META, field(2, message(Uint8Array.of(1 << 3, 0), Uint8Array.of(5 << 3, 0))));
  assert.deepEqual(decodeProtobuf(envelope("apps/v1", "Deployment", raw)).spec, { replicas: 0 });
});

Deno.test("decodeProtobuf() reads bytes as base64", () => {
  const raw = message(META, field(2, message(field(1, "x"), field(2, "1"))), field(3, "Opaque"));
  const { data, type } = decodeProtobuf(envelope("v1", "Secret", raw));
  assert.deepEqual([data, type], [{ x: "MQ==" }, "Opaque"]);
});

Deno.test("decodeProtobuf() refuses kinds and fields that it does not know, and what is no message", () => {
  const refuses = (bytes: Uint8Array, reason: string) =>
    assert.throws(() => decodeProtobuf(bytes), (error) => error instanceof ProtobufError && error.reason === reason);
  refuses(envelope("v1", "LimitRange", META), "Unsupported");
  refuses(envelope("v1", "ConfigMap", message(META, field(15, "x"))), "Unsupported");
  refuses(encoder.encode("{}"), "Malformed");
  refuses(message(encoder.encode("k8s\0"), Uint8Array.of(0x0a, 200)), "Malformed");
  refuses(envelope("v1", "ConfigMap", Uint8Array.of(0xff)), "Malformed");
});
