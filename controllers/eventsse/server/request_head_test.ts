import assert from "node:assert/strict";
import { MAX_HEAD, readHead, responseHead } from "./request_head.ts";

const read = (text: string) => readHead(new TextEncoder().encode(text), "/notifications");
const GET = "GET /notifications?kind=Pod HTTP/1.1\r\nHost: localhost:8181\r\n";

Deno.test("readHead() reads a plain request for its path", () => {
  const head = read(`${GET}Accept: text/event-stream\r\nLast-Event-ID:  a-1 \r\nCookie: a=b; c=d\r\n\r\n`);
  assert.equal(head.type, "request");
  if (head.type !== "request") return;
  const { url, headers } = head.request;
  assert.deepEqual(
    [url, headers.get("Last-Event-ID"), headers.get("Cookie")],
    ["http://localhost:8181/notifications?kind=Pod", "a-1", "a=b; c=d"],
  );
});

Deno.test("readHead() waits for the rest of what may become such a request, up to a size", () => {
  const whole = `${GET}Accept: */*\r\n\r\n`;
  for (let length = 0; length < whole.length; length++) {
    assert.equal(read(whole.slice(0, length)).type, "incomplete", whole.slice(0, length));
  }
  assert.equal(read(`${GET}X: ${"x".repeat(MAX_HEAD)}`).type, "other");
});

Deno.test("readHead() leaves everything that is not plain to a real HTTP server", () => {
  const table: string[] = [
    "POST /notifications HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET /notifications/ HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET /notificationsx HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET /events HTTP/1.1\r\nHost: a\r\n\r\n",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "GET /notifications HTTP/1.0\r\nHost: a\r\n\r\n",
    "GET /notifications HTTP/1.1\r\n\r\n",
    "GET /notifications HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "GET /notifications HTTP/1.1\r\nHost: a/b\r\n\r\n",
    `${GET}Content-Length: 5\r\n\r\n`,
    `${GET}Transfer-Encoding: chunked\r\n\r\n`,
    `${GET}Upgrade: websocket\r\n\r\n`,
    `${GET} folded: x\r\n\r\n`,
    `${GET}Bad Name: x\r\n\r\n`,
    `${GET}X: a\0b\r\n\r\n`,
    `${GET}X: a\nY: b\r\n\r\n`,
    `${GET}Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n`,
    `${GET}\r\nGET /events HTTP/1.1\r\n`,
    "GET /notifications?a b HTTP/1.1\r\nHost: a\r\n\r\n",
  ];
  for (const text of table) assert.equal(read(text).type, "other", JSON.stringify(text));
});

Deno.test("responseHead() ends with an empty line and says that the connection ends with the body", () => {
  const text = new TextDecoder().decode(responseHead({ "Content-Type": "text/event-stream" }));
  assert.match(
    text,
    /^HTTP\/1\.1 200 OK\r\nContent-Type: text\/event-stream\r\nDate: .* GMT\r\nConnection: close\r\n\r\n$/,
  );
});
