import assert from "node:assert/strict";
import { parseMediaType } from "./body.ts";

// E14: rows of the original's header tests that concern a media type.
Deno.test("parseMediaType() reads values and parameters, quoted ones with anything in them", () => {
  const table: [string, string, Record<string, string>][] = [
    ["application/json", "application/json", {}],
    ["application/json; charset=utf-8", "application/json", { charset: "utf-8" }],
    ['tExt/htMl; fOO=";"; hellO=world', "text/html", { foo: ";", hello: "world" }],
    ['text/html; foo="b\\ar"', "text/html", { foo: "bar" }],
    ['text/html; foo="a;b=c"; bar=baz', "text/html", { foo: "a;b=c", bar: "baz" }],
    ["text/html ;foo=bar ;baz=", "text/html", { foo: "bar", baz: "" }],
    ["", "", {}],
    ["text/html; __proto__=x", "text/html", JSON.parse('{"__proto__":"x"}')],
  ];
  for (const [header, type, parameters] of table) {
    assert.deepEqual(parseMediaType(header), { type, parameters }, header);
  }
});
