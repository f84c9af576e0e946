import { equal } from "node:assert/strict";
import { compilePattern } from "./pattern.ts";
import { formatRule } from "./format.ts";

/** As Helm's validator judges. */
const CASES: Readonly<Record<string, { readonly right: readonly string[]; readonly wrong: readonly string[] }>> = {
  hostname: { right: ["a", "a-b.example.org", "1.2.3.4"], wrong: ["", "a_b", "-a", "a..b", "x".repeat(64)] },
  email: { right: ["a@b.org", "a.b+c@example.org"], wrong: ["a", "@b", "a@", "a b@c", ".a@b"] },
  ipv4: { right: ["10.0.0.1", "255.255.255.255"], wrong: ["10.0.0.256", "10.0.0", "10.0.0.1.2"] },
  ipv6: { right: ["::1", "fe80::1"], wrong: ["10.0.0.1", "::1%eth0", "x"] },
  uri: { right: ["https://example.org/a?b#c", "urn:x:y", "mailto:a@b"], wrong: ["/rel", "example.org", "a b:c", ""] },
  uuid: {
    right: ["1eed3c65-90d2-4823-a85c-3430d4e41944"],
    wrong: ["1eed3c65", "1eed3c65-90d2-4823-a85c-3430d4e4194g"],
  },
  date: { right: ["2024-02-29"], wrong: ["2026-02-29", "2026-1-1", "x"] },
  time: { right: ["10:00:00Z", "10:00:00.5+01:00"], wrong: ["10:00", "25:00:00Z", "10:00:00"] },
  "date-time": { right: ["2026-01-01T00:00:00Z"], wrong: ["2026-01-01", "2026-13-01T00:00:00Z"] },
  duration: { right: ["P1D", "PT1H30M", "P2W", "P1Y2M"], wrong: ["1h", "P", "PT"] },
  "json-pointer": { right: ["", "/a/b~0"], wrong: ["a", "/~2"] },
  semver: { right: ["1.2.3", "1.0.0-rc.1+b"], wrong: ["1.2", "v1.2.3", "01.0.0"] },
};

for (const [format, { right, wrong }] of Object.entries(CASES)) {
  Deno.test(`formatRule() judges ${format} as Helm does`, () => {
    const rule = formatRule(format);
    for (const text of right) equal(rule?.check?.(text), true, text);
    for (const text of wrong) equal(rule?.check?.(text), false, text);
  });
}

Deno.test("formatRule() uses RE2 patterns only, and knows no format that Helm ignores", () => {
  for (const format of Object.keys(CASES)) {
    const rule = formatRule(format);
    const pattern = rule !== undefined && "validation" in rule ? rule.validation.pattern : undefined;
    if (pattern !== undefined) equal(compilePattern(pattern).kind, "re2", format);
  }
  for (const format of ["idn-hostname", "int32", "password", "toString"]) equal(formatRule(format), undefined);
});
