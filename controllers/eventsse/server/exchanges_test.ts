import assert from "node:assert/strict";
import { Exchanges } from "./exchanges.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const GET = "GET /health HTTP/1.1\r\nHost: it\r\n\r\n";
const answer = (headers: string, body = "") => `HTTP/1.1 200 OK\r\n${headers}\r\n\r\n${body}`;
const WHOLE = [
  answer("content-length: 5", "hello"),
  answer("Content-Length: 0"),
  answer("x: y\r\nTransfer-Encoding: chunked", "5\r\nhello\r\nA\r\n0123456789\r\n0\r\n\r\n"),
  answer("transfer-encoding: chunked", "0\r\n\r\n"),
  "HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n",
  "HTTP/1.1 404 Not Found\r\nContent-Length: 1\r\n\r\nx",
];

Deno.test("Exchanges is at rest before the first request, and after the last byte of each answer, however it is cut", () => {
  for (const length of [1, 2, 7, 1_000]) {
    const exchanges = new Exchanges();
    for (const text of WHOLE) {
      assert.ok(exchanges.atRest, text);
      exchanges.ask(bytes(GET));
      for (let at = 0; at < text.length; at += length) {
        assert.ok(!exchanges.atRest, `${text.slice(0, at)} by ${length}`);
        exchanges.answer(bytes(text.slice(at, at + length)));
      }
    }
    assert.ok(exchanges.atRest);
  }
});

Deno.test("Exchanges is never at rest again once something is not plain", () => {
  const [fine = ""] = WHOLE;
  const table: [asked: string[], answered: string[]][] = [
    [["POST /x HTTP/1.1\r\nContent-Length: 1\r\n\r\nx"], [fine]],
    [["GET /x HTTP/1.1\r\ncontent-length : 1\r\n\r\n"], [fine]],
    [["HEAD /x HTTP/1.1\r\n\r\n"], [fine]],
    [["GET / HTTP/1.0\r\n\r\n"], [fine]],
    [["GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n"], [fine]],
    [[GET.slice(0, 9), GET.slice(9)], [fine]],
    [[GET + GET], [fine, fine]],
    [[GET, GET], [fine, fine]],
    [[], [fine]],
    [[GET], [fine + "x"]],
    [[GET], [fine, "x"]],
    [[GET], [answer("x: y", "until it closes")]],
    [[GET], [answer("content-length: 1\r\ncontent-length: 1", "x")]],
    [[GET], [answer("content-length: 5\r\ntransfer-encoding: chunked", "0\r\n\r\n")]],
    [[GET], [answer("transfer-encoding: gzip, chunked", "0\r\n\r\n")]],
    [[GET], [answer("transfer-encoding: chunked", "5;x=y\r\nhello\r\n0\r\n\r\n")]],
    [[GET], [answer("transfer-encoding: chunked", "0\r\nTrailer: x\r\n\r\n")]],
    [[GET], ["HTTP/1.1 100 Continue\r\n\r\n", fine]],
    [[GET], ["HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"]],
    [[GET], [`HTTP/1.1 200 OK\r\nx: ${"y".repeat(20_000)}`]],
  ];
  for (const [asked, answered] of table) {
    const exchanges = new Exchanges();
    for (const text of asked) exchanges.ask(bytes(text));
    for (const text of answered) exchanges.answer(bytes(text));
    assert.ok(!exchanges.atRest, JSON.stringify([asked, answered]).slice(0, 200));
    exchanges.ask(bytes(GET));
    exchanges.answer(bytes(fine));
    assert.ok(!exchanges.atRest, JSON.stringify([asked, answered]).slice(0, 200));
  }
});
