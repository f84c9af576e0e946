import assert from "node:assert/strict";
import { httpError } from "./http_error.ts";

const NOW = Date.parse("2026-01-01T00:00:00Z");

const TABLE: readonly {
  readonly name: string;
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly reason: "Retryable" | "Terminal";
  readonly retryAfter?: number;
  readonly message: RegExp;
}[] = [
  {
    name: "a wrong token is terminal and says where to look",
    status: 401,
    body: '{"message":"Bad credentials"}',
    reason: "Terminal",
    message: /^Cannot get x: 401: Bad credentials: check the token in the object's Secret$/,
  },
  { name: "a missing right is terminal", status: 403, reason: "Terminal", message: /give the token this permission$/ },
  {
    name: "a limit with Retry-After in seconds is waited for",
    status: 403,
    headers: { "retry-after": "7" },
    reason: "Retryable",
    retryAfter: 7_000,
    message: /^Cannot get x: 403$/,
  },
  {
    name: "a limit with Retry-After as a date is waited for",
    status: 429,
    headers: { "retry-after": "Thu, 01 Jan 2026 00:00:30 GMT" },
    reason: "Retryable",
    retryAfter: 30_000,
    message: /429/,
  },
  {
    name: "an exhausted quota is waited for until it is reset",
    status: 403,
    headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(NOW / 1000 + 90) },
    reason: "Retryable",
    retryAfter: 90_000,
    message: /403/,
  },
  {
    name: "a quota that is not exhausted limits nothing",
    status: 403,
    headers: { "x-ratelimit-remaining": "10", "x-ratelimit-reset": String(NOW / 1000 + 90) },
    reason: "Terminal",
    message: /403/,
  },
  {
    name: "a refused wish is terminal, with its details",
    status: 422,
    body: '{"message":"Validation Failed","errors":[{"field":"name"},"too long"]}',
    reason: "Terminal",
    message: /422: Validation Failed; \{"field":"name"\}; too long$/,
  },
  { name: "a broken server is tried again", status: 502, body: "<html>", reason: "Retryable", message: /502: <html>$/ },
];
for (const { name, status, headers = {}, body = "", reason, retryAfter, message } of TABLE) {
  Deno.test(`httpError() ${name}`, async () => {
    const error = await httpError("get x", new Response(body, { status, headers }), NOW);
    assert.deepEqual([error.reason, error.retryAfter], [reason, retryAfter]);
    assert.match(error.message, message);
  });
}
