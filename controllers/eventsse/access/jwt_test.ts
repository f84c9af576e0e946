import assert from "node:assert/strict";
import { base64url, inSeconds, secretToken, signed } from "./_testing.ts";
import { JwtAuthenticator } from "./jwt.ts";

const SECRET = "a secret of the tests";
const GOOD = { exp: inSeconds(60), iss: "krateo", aud: ["eventsse", "other"], scope: "events:read:abc events:publish" };

Deno.test("JwtAuthenticator refuses with 401 what it cannot rely on, and says why", async () => {
  const authenticator = new JwtAuthenticator({ secret: SECRET, issuer: "krateo", audience: "eventsse" });
  const unsigned = `${base64url('{"alg":"none"}')}.${base64url(JSON.stringify(GOOD))}.`;
  const table: [string | Promise<string>, RegExp][] = [
    ["", /no JSON Web Token/],
    ["a.b", /no JSON Web Token/],
    ["ä.b.c", /no JSON Web Token/],
    [unsigned, /algorithm is not supported/],
    [secretToken(GOOD, "another secret"), /signature is wrong/],
    [secretToken(GOOD, SECRET, { alg: "RS256" }), /no key/],
    [secretToken({ ...GOOD, exp: inSeconds(-60) }, SECRET), /expired/],
    [secretToken({ ...GOOD, exp: undefined }, SECRET), /no "exp"/],
    [secretToken({ ...GOOD, nbf: inSeconds(60) }, SECRET), /not valid yet/],
    [secretToken({ ...GOOD, iss: "evil" }, SECRET), /another issuer/],
    [secretToken({ ...GOOD, aud: "other" }, SECRET), /another audience/],
  ];
  for (const [token, message] of table) {
    await assert.rejects(async () => authenticator.authenticate(await token), {
      name: "Problem",
      status: 401,
      message,
    });
  }
});

Deno.test("JwtAuthenticator reads rights from scope and scp, for reading and for publishing", async () => {
  const authenticator = new JwtAuthenticator({ secret: SECRET });
  const table: [object, readable: "all" | string[], mayReadAbc: boolean, mayPublishX: boolean][] = [
    [{ scope: "events:read" }, "all", true, false],
    [{ scope: "events:read:abc events:read:def" }, ["abc", "def"], true, false],
    [{ scp: ["events:publish"] }, [], false, true],
    [{ scp: ["events:publish:x", 7], scope: "openid" }, [], false, true],
    [{}, [], false, false],
  ];
  for (const [claims, readable, mayRead, mayPublish] of table) {
    const principal = await authenticator.authenticate(await secretToken({ exp: inSeconds(60), ...claims }, SECRET));
    assert.deepEqual(
      [await principal.readable(), await principal.mayRead("abc"), await principal.mayPublish("x")],
      [readable, mayRead, mayPublish],
    );
  }
});

Deno.test("JwtAuthenticator takes an issuer's keys, also one that it has never seen", async () => {
  const ec = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
  const rsaAlgorithm = {
    name: "RSA-PSS",
    hash: "SHA-256",
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  };
  const rsa = await crypto.subtle.generateKey(rsaAlgorithm, true, ["sign", "verify"]);
  const keys: object[] = [{ ...await crypto.subtle.exportKey("jwk", ec.publicKey), kid: "ec" }];
  let fetched = 0;
  const issuer = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => undefined }, () => {
    fetched++;
    return Response.json({ keys });
  });
  try {
    const open = () => new JwtAuthenticator({ jwks: `http://127.0.0.1:${issuer.addr.port}/keys` });
    const claims = { exp: inSeconds(60), scope: "events:read" };
    const ecToken = await signed(claims, { alg: "ES256", kid: "ec" }, ec.privateKey, {
      name: "ECDSA",
      hash: "SHA-256",
    });
    const authenticator = open();
    await Promise.all([authenticator.authenticate(ecToken), authenticator.authenticate(ecToken)]);
    assert.equal(fetched, 1);

    const { alg: _alg, ...rsaKey } = await crypto.subtle.exportKey("jwk", rsa.publicKey);
    keys.push({ ...rsaKey, kid: "rsa" });
    const rsaToken = await signed(claims, { alg: "PS256", kid: "rsa" }, rsa.privateKey, {
      name: "RSA-PSS",
      saltLength: 32,
    });
    await assert.rejects(authenticator.authenticate(rsaToken), /no key/, "asked for anew too soon");
    assert.equal(await (await open().authenticate(rsaToken)).readable(), "all");

    const confused = await secretToken(claims, JSON.stringify(keys[0]), { alg: "HS256", kid: "ec" });
    await assert.rejects(authenticator.authenticate(confused), /no key/);
    const wrongKind = await signed(claims, { alg: "RS256", kid: "ec" }, ec.privateKey, {
      name: "ECDSA",
      hash: "SHA-256",
    });
    await assert.rejects(authenticator.authenticate(wrongKind), /another algorithm/);
  } finally {
    await issuer.shutdown();
  }
});
