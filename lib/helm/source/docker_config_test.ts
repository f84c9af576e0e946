import assert from "node:assert/strict";
import { ChartFetchError, dockerCredentials } from "./mod.ts";

const CONFIG = JSON.stringify({
  auths: {
    "https://registry.test:5000/v1/": { username: "u", password: "p:q" },
    "registry.test:5000/team": { auth: btoa("team:secret:with:colons") },
    "registry.test": { auth: btoa("other:one") },
    "broken.test": { auth: "???" },
    "empty.test": {},
  },
});

const CASES: readonly (readonly [string, { username: string; password: string } | undefined])[] = [
  ["registry.test:5000/charts/web", { username: "u", password: "p:q" }],
  ["registry.test:5000/team/web", { username: "team", password: "secret:with:colons" }],
  ["registry.test:5000/teams/web", { username: "u", password: "p:q" }],
  ["registry.test/web", { username: "other", password: "one" }],
  ["registry.test.evil/web", undefined],
  ["elsewhere.test/web", undefined],
];
for (const [repository, credentials] of CASES) {
  Deno.test(`dockerCredentials() has ${credentials?.username ?? "nothing"} for ${repository}`, () => {
    assert.deepEqual(dockerCredentials(CONFIG, repository), credentials);
  });
}

for (const [config, text] of [["{", /not JSON/], ["{}", /"auths"/], [CONFIG, /not base64/]] as const) {
  Deno.test(`dockerCredentials() says what is wrong: ${text.source}`, () => {
    assert.throws(
      () => dockerCredentials(config, "broken.test/web"),
      (error) => error instanceof ChartFetchError && error.reason === "InvalidReference" && text.test(error.message),
    );
  });
}

Deno.test("dockerCredentials() says that an entry has no credentials", () => {
  assert.throws(() => dockerCredentials(CONFIG, "empty.test/web"), /neither "username" and "password" nor an "auth"/);
});
