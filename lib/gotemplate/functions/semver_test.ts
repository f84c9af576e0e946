import assert from "node:assert/strict";
import { fc } from "../../deps/fast_check.ts";
import { parseStrictVersion, parseVersion, SemverError, tryParseVersion } from "./semver.ts";
import { Constraint } from "./semver_constraint.ts";

Deno.test("parseVersion() reads lenient forms", () => {
  const table: [string, string][] = [
    ["v1", "1.0.0"],
    ["1.2", "1.2.0"],
    ["01.2.3", "1.2.3"],
    ["1.2.3-rc.1+b.5", "1.2.3-rc.1+b.5"],
  ];
  for (const [text, canonical] of table) {
    assert.equal(parseVersion(text).toString(), canonical);
    assert.equal(parseVersion(text).original, text);
  }
});

Deno.test("raised() ends at the last number of 64 bits", () => {
  const last = 2n ** 64n - 1n;
  const message = (part: string) => ({ message: `${part} version increment would overflow uint64` });
  assert.throws(() => parseVersion(`${last}`).raised("major"), message("major"));
  assert.throws(() => parseVersion(`1.${last}.3`).raised("minor"), message("minor"));
  assert.throws(() => parseVersion(`1.2.${last}`).raised("patch"), message("patch"));
  assert.equal(parseVersion(`1.2.${last}-rc`).raised("patch").toString(), `1.2.${last}`);
});

Deno.test("parseVersion() says why a text is no version", () => {
  const table: [string, string][] = [
    ["", "invalid semantic version"],
    ["1.2.3.4", "invalid semantic version"],
    ["1.2.3-01", "version segment starts with 0"],
    ["9".repeat(300), "version string is too long (max 256 bytes)"],
    [
      "99999999999999999999.0.0",
      'error parsing version segment: strconv.ParseUint: parsing "99999999999999999999": value out of range',
    ],
  ];
  for (const [text, message] of table) {
    assert.throws(() => parseVersion(text), (error) => {
      return error instanceof SemverError && error.reason === "invalid-version" && error.message === message;
    });
    assert.equal(tryParseVersion(text), undefined);
  }
});

Deno.test("parseStrictVersion() refuses what the specification does not allow", () => {
  for (const text of ["v1.2.3", "1.2", "01.2.3", "1.2.3-01"]) assert.equal(parseStrictVersion(text), undefined);
  assert.equal(parseStrictVersion("1.2.3-a")?.prerelease, "a");
});

Deno.test("SemVer.compare() orders as the specification's example", () => {
  const ordered = [
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0",
  ].map(parseVersion);
  const shuffled = [3, 7, 0, 5, 1, 6, 2, 4].map((at) => ordered[at]).filter((one) => one !== undefined);
  assert.deepEqual(shuffled.sort((a, b) => a.compare(b)), ordered);
});

const versions = fc.tuple(
  fc.nat(3),
  fc.nat(3),
  fc.nat(3),
  fc.constantFrom("", "-alpha", "-alpha.1", "-1", "-rc.2"),
).map(([major, minor, patch, pre]) => parseVersion(`${major}.${minor}.${patch}${pre}`));

Deno.test("SemVer.compare() is a total order", () => {
  fc.assert(fc.property(versions, versions, versions, (a, b, c) => {
    assert.equal(Math.sign(a.compare(b)), -Math.sign(b.compare(a)) + 0);
    if (a.compare(b) <= 0 && b.compare(c) <= 0) assert.ok(a.compare(c) <= 0);
  }));
});

Deno.test("Constraint.check() admits prereleases only where the group names one", () => {
  const table: [string, string, boolean][] = [
    [">=1.2.3", "1.3.0-beta", false],
    [">=1.2.3-0", "2.0.0-alpha", true],
    [">=1.0.0-0 <2.0.0", "1.5.0-rc.1", true],
    ["^1.2 || >=3.0.0-0", "1.3.0-beta", false],
    ["1.2 - 1.4", "1.4.9", true],
    ["~>1.2", "1.2.9", true],
    ["^0.0.3", "0.0.4", false],
    ["!=1.x", "1.5.0", false],
    ["*", "9.9.9", true],
  ];
  for (const [constraint, version, expected] of table) {
    assert.equal(Constraint.parse(constraint).check(parseVersion(version)), expected, `${constraint} ${version}`);
  }
  assert.equal(Constraint.parse(">=1.2.3").check(parseVersion("1.3.0-beta"), true), true);
});

Deno.test("Constraint.parse() refuses what is no constraint, also a hostile one", () => {
  for (const text of ["", "foo", ">>1", "1.2.3 ||", " ".repeat(400) + "!"]) {
    assert.throws(() => Constraint.parse(text), { name: "SemverError", reason: "invalid-constraint" });
  }
  assert.throws(() => Constraint.parse("1 ".repeat(300)), { message: "constraint string is too long (max 512 bytes)" });
  assert.throws(() => Constraint.parse("1||".repeat(40) + "1"), { message: "too many constraint groups (max 32)" });
});
