import assert from "node:assert/strict";
import { createPrivateKey, randomBytes, X509Certificate } from "node:crypto";
import { bcrypt } from "../../../deps/bcryptjs.ts";
import { fromJson, TemplateError, TemplateSet } from "../../mod.ts";
import { sprigFunctions } from "../mod.ts";
import { parseAddress } from "./addresses.ts";
import { createCertificate, parseCertificatePem } from "./certificate.ts";
import { decodePem, encodePem } from "./pem.ts";
import { inverseModulo, powerModulo, randomPrimeAbove } from "./primes.ts";
import { generateEcdsa, generateEd25519, generateRsa, parsePrivateKey } from "./private_key.ts";

const random = (count: number) => new Uint8Array(randomBytes(count));

function render(text: string): string {
  const set = new TemplateSet({ functions: sprigFunctions({ now: () => new Date("2024-01-02T03:04:05Z") }) });
  set.parse("t", text);
  return set.execute("t", fromJson({}));
}

Deno.test("genCA and genSignedCert make a chain that verifies", () => {
  const [ca = "", leaf = "", key = ""] = render(
    '{{ $ca := genCA "my ca" 365 }}{{ $c := genSignedCert "svc" (list "10.0.0.1" "::1") (list "svc.ns" "svc") 30 $ca }}' +
      "{{ $ca.Cert }}|{{ $c.Cert }}|{{ $c.Key }}",
  ).split("|");
  const [issuer, subject] = [new X509Certificate(ca), new X509Certificate(leaf)];
  assert.equal(issuer.subject, "CN=my ca");
  assert.equal(subject.issuer, "CN=my ca");
  assert.ok(issuer.ca);
  assert.ok(!subject.ca);
  assert.ok(subject.verify(issuer.publicKey));
  assert.ok(subject.checkPrivateKey(createPrivateKey(key)));
  assert.equal(new Date(subject.validTo).toISOString(), "2024-02-01T03:04:05.000Z");
  for (const name of ["DNS:svc.ns", "DNS:svc", "IP Address:10.0.0.1"]) {
    assert.ok(subject.subjectAltName?.includes(name));
  }
});

Deno.test("parsePrivateKey() gives back the PEM that was generated", () => {
  for (const key of [generateRsa(random, 2048), generateEcdsa(random), generateEd25519(random)]) {
    assert.equal(parsePrivateKey(key.pem).pem, key.pem);
  }
});

Deno.test("createCertificate() signs with every kind of key", () => {
  for (const key of [generateEcdsa(random), generateEd25519(random)]) {
    const pem = createCertificate(
      {
        commonName: "ü",
        dnsNames: [],
        ipAddresses: [],
        notBefore: new Date("2024-01-01T00:00:00Z"),
        notAfter: new Date("2060-01-01T00:00:00Z"),
        serial: random(16),
        isAuthority: true,
      },
      key,
      undefined,
      key,
    );
    const certificate = new X509Certificate(pem);
    assert.ok(certificate.verify(certificate.publicKey), key.kind);
    assert.deepEqual(parseCertificatePem(pem, "").publicKey, key.publicKey);
  }
});

Deno.test("certificate functions say what is wrong with their input", () => {
  const table: [string, string][] = [
    ['genSignedCert "x" nil nil 1 (buildCustomCert "YQ==" "YQ==")', "unable to decode certificate"],
    ['genCAWithKey "x" 1 ""', "parsing private key: no PEM data in input"],
    ['genSelfSignedCertWithKey "x" (list "1.2.3") nil 1 (genPrivateKey "ecdsa")', "error parsing ip: 1.2.3"],
  ];
  for (const [expression, message] of table) {
    assert.throws(() => render(`{{ ${expression} }}`), (error) => {
      return error instanceof TemplateError && error.message.endsWith(message);
    }, expression);
  }
});

Deno.test("bcrypt prints hashes in Go's form that verify", () => {
  const hash = render('{{ bcrypt "secret" }}');
  assert.match(hash, /^\$2a\$10\$/);
  assert.ok(bcrypt.compareSync("secret", hash));
});

Deno.test("decryptAES undoes encryptAES and refuses what is no such text", () => {
  assert.equal(render('{{ decryptAES "key" (encryptAES "key" "héllo") }}'), "héllo");
  assert.throws(() => render(`{{ decryptAES "key" "${"AAAA".repeat(7)}" }}`), /input not full blocks/);
});

Deno.test("decodePem() reads the first good block and skips noise", () => {
  const block = encodePem({ label: "THING", bytes: Uint8Array.of(1, 2, 3) });
  assert.deepEqual(decodePem(`noise\n${block}`)?.bytes, Uint8Array.of(1, 2, 3));
  assert.deepEqual(decodePem(`-----BEGIN BAD-----\nx\n${block}`)?.label, "THING");
  assert.equal(decodePem("-----BEGIN A-----\n!!!!\n-----END A-----\n"), undefined);
});

Deno.test("parseAddress() reads addresses as Go does", () => {
  assert.deepEqual(parseAddress("1.2.3.4"), Uint8Array.of(1, 2, 3, 4));
  assert.deepEqual(parseAddress("::ffff:1.2.3.4"), Uint8Array.of(1, 2, 3, 4));
  assert.deepEqual(parseAddress("2001:db8::1"), Uint8Array.of(0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1));
  for (const text of ["1.2.3", "01.2.3.4", "fe80::1%eth0", "x"]) assert.equal(parseAddress(text), undefined);
});

Deno.test("randomPrimeAbove() gives a prime that is 1 more than a multiple", () => {
  const factor = 1_000_003n;
  const prime = randomPrimeAbove(random, 128, factor);
  assert.equal(prime % factor, 1n);
  assert.equal(prime.toString(2).length, 128);
  assert.equal(powerModulo(3n, prime - 1n, prime), 1n);
  assert.equal((inverseModulo(3n, prime) ?? 0n) * 3n % prime, 1n);
});
