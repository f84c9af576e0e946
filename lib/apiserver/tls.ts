/** A certificate authority of one's own and a server certificate for loopback, made at start. */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { bits, boolean, element, explicit, integer, objectId, octets, sequence, set, utcTime, utf8 } from "./der.ts";

/** PEM texts. */
export interface ServingCertificate {
  readonly caCert: string;
  readonly cert: string;
  readonly key: string;
}

const ECDSA_SHA256 = sequence(objectId("1.2.840.10045.4.3.2"));
const YEARS = 10;
const MS_PER_DAY = 24 * 3600 * 1000;

const OID = {
  commonName: "2.5.4.3",
  keyUsage: "2.5.29.15",
  basicConstraints: "2.5.29.19",
  extendedKeyUsage: "2.5.29.37",
  subjectAltName: "2.5.29.17",
  serverAuth: "1.3.6.1.5.5.7.3.1",
} as const;

interface CertificateRequest {
  readonly subject: string;
  readonly issuer: string;
  readonly subjectKey: KeyObject;
  readonly issuerKey: KeyObject;
  readonly extensions: readonly Uint8Array[];
}

/** Makes a CA and a certificate for `127.0.0.1`, `::1` and `localhost`, ECDSA P-256, valid for ten years. */
export function createServingCertificate(): ServingCertificate {
  const ca = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const server = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const issuer = "kco-embedded-ca";
  const caCert = certificate({
    subject: issuer,
    issuer,
    subjectKey: ca.publicKey,
    issuerKey: ca.privateKey,
    extensions: [
      extension(OID.basicConstraints, sequence(boolean(true)), true),
      // keyCertSign and cRLSign
      extension(OID.keyUsage, bits(Uint8Array.of(0x06), 1), true),
    ],
  });
  const cert = certificate({
    subject: "kco-embedded-apiserver",
    issuer,
    subjectKey: server.publicKey,
    issuerKey: ca.privateKey,
    extensions: [
      extension(OID.keyUsage, bits(Uint8Array.of(0x80), 7), true),
      extension(OID.extendedKeyUsage, sequence(objectId(OID.serverAuth))),
      extension(OID.subjectAltName, sequence(...alternativeNames())),
    ],
  });
  return { caCert, cert, key: server.privateKey.export({ type: "pkcs8", format: "pem" }).toString() };
}

function alternativeNames(): Uint8Array[] {
  const dns = (name: string) => element(0x82, new TextEncoder().encode(name));
  const ip = (...address: number[]) => element(0x87, Uint8Array.from(address));
  return [
    dns("localhost"),
    dns("kubernetes"),
    dns("kubernetes.default"),
    dns("kubernetes.default.svc"),
    ip(127, 0, 0, 1),
    ip(...Array<number>(15).fill(0), 1),
  ];
}

function extension(id: string, content: Uint8Array, critical = false): Uint8Array {
  return sequence(objectId(id), ...(critical ? [boolean(true)] : []), octets(content));
}

function name(commonName: string): Uint8Array {
  return sequence(set(sequence(objectId(OID.commonName), utf8(commonName))));
}

function certificate(request: CertificateRequest): string {
  const now = Date.now();
  // A day back, for clocks that differ.
  const validity = sequence(utcTime(new Date(now - MS_PER_DAY)), utcTime(new Date(now + YEARS * 365 * MS_PER_DAY)));
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  const body = sequence(
    explicit(0, integer(Uint8Array.of(2))),
    integer(serial),
    ECDSA_SHA256,
    name(request.issuer),
    validity,
    name(request.subject),
    new Uint8Array(request.subjectKey.export({ type: "spki", format: "der" })),
    explicit(3, sequence(...request.extensions)),
  );
  const signature = sign("sha256", body, { key: request.issuerKey, dsaEncoding: "der" });
  return pem(sequence(body, ECDSA_SHA256, bits(new Uint8Array(signature))));
}

function pem(der: Uint8Array): string {
  const lines = der.toBase64().match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}
