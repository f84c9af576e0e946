/**
 * X.509 certificates as Go's `x509.CreateCertificate` makes them for sprig: version 3, one common name, SHA-2 signatures.
 *
 * @module
 */
import { createHash, sign } from "node:crypto";
import { Buffer } from "node:buffer";
import { civilFromDays } from "../time/civil.ts";
import { bitString, bytesBigint, element, explicit, integer, oid, readElements, sequence, TAG } from "./der.ts";
import { decodePem, encodePem } from "./pem.ts";
import type { SigningKey } from "./private_key.ts";

/** A certificate that cannot be read or made. */
export class CertificateError extends Error {
  override readonly name = "CertificateError";
  readonly reason = "invalid-certificate";
}

/** What a certificate says. */
export interface CertificateRequest {
  readonly commonName: string;
  readonly dnsNames: readonly string[];
  /** Addresses of 4 or 16 bytes. */
  readonly ipAddresses: readonly Uint8Array[];
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** 16 random bytes. */
  readonly serial: Uint8Array;
  readonly isAuthority: boolean;
}

/** The part of an issuer's certificate that goes into what it signs. */
export interface Issuer {
  /** The subject as DER. */
  readonly subject: Uint8Array;
  readonly keyId: Uint8Array | undefined;
  /** The public key as SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array;
}

const SIGNATURES: Readonly<Record<string, { oid: string; digest: string | null; parameters: boolean }>> = {
  rsa: { oid: "1.2.840.113549.1.1.11", digest: "sha256", parameters: true },
  "ecdsa P-256": { oid: "1.2.840.10045.4.3.2", digest: "sha256", parameters: false },
  "ecdsa P-384": { oid: "1.2.840.10045.4.3.3", digest: "sha384", parameters: false },
  "ecdsa P-521": { oid: "1.2.840.10045.4.3.4", digest: "sha512", parameters: false },
  ed25519: { oid: "1.3.101.112", digest: null, parameters: false },
};

/**
 * Makes a certificate.
 *
 * @param issuer Whose certificate signs; `undefined` for a self-signed one.
 * @returns PEM.
 */
export function createCertificate(
  request: CertificateRequest,
  subjectKey: SigningKey,
  issuer: Issuer | undefined,
  signingKey: SigningKey,
): string {
  if (issuer !== undefined && !equalBytes(issuer.publicKey, signingKey.publicKey)) {
    throw new CertificateError("x509: provided PrivateKey doesn't match parent's PublicKey");
  }
  const algorithm = SIGNATURES[`${signingKey.kind} ${signingKey.curve}`.trim()];
  if (algorithm === undefined) throw new CertificateError("x509: unsupported elliptic curve");
  const algorithmId = sequence(oid(algorithm.oid), ...(algorithm.parameters ? [element(TAG.null)] : []));
  const subject = nameOf(request.commonName);
  const body = sequence(
    explicit(0, integer(2n)),
    integer(bytesBigint(request.serial)),
    algorithmId,
    issuer?.subject ?? subject,
    sequence(timeOf(request.notBefore), timeOf(request.notAfter)),
    subject,
    subjectKey.publicKey,
    explicit(3, sequence(...extensionsOf(request, subjectKey, subject, issuer))),
  );
  const signature = sign(algorithm.digest, Buffer.from(body), signingKey.key);
  return encodePem({ label: "CERTIFICATE", bytes: sequence(body, algorithmId, bitString(new Uint8Array(signature))) });
}

function nameOf(commonName: string): Uint8Array<ArrayBuffer> {
  if (commonName === "") return sequence();
  const tag = /^[A-Za-z0-9 '()+,\-./:=?*&]*$/.test(commonName) ? TAG.printableString : TAG.utf8String;
  return sequence(element(TAG.set, sequence(oid("2.5.4.3"), element(tag, new TextEncoder().encode(commonName)))));
}

/** Two digits of the year up to 2049, four from then on. */
function timeOf(date: Date): Uint8Array<ArrayBuffer> {
  const seconds = Math.floor(date.getTime() / 1000);
  const days = Math.floor(seconds / 86_400);
  const rest = seconds - days * 86_400;
  const { year, month, day } = civilFromDays(days);
  const clock = [month, day, Math.floor(rest / 3600), Math.floor(rest / 60) % 60, rest % 60];
  const tail = `${clock.map((part) => String(part).padStart(2, "0")).join("")}Z`;
  const short = year >= 1950 && year < 2050;
  if (year < 0 || year > 9999) {
    throw new CertificateError("asn1: structure error: cannot represent time as GeneralizedTime");
  }
  const text = String(year).padStart(4, "0").slice(short ? 2 : 0) + tail;
  return element(short ? TAG.utcTime : TAG.generalizedTime, new TextEncoder().encode(text));
}

function extensionsOf(
  request: CertificateRequest,
  key: SigningKey,
  subject: Uint8Array,
  issuer: Issuer | undefined,
): Uint8Array[] {
  const { isAuthority, dnsNames, ipAddresses } = request;
  const extensions = [
    // Digital signature and key encipherment, and for an authority certificate signing.
    extension("2.5.29.15", true, isAuthority ? bitString(Uint8Array.of(0xa4), 2) : bitString(Uint8Array.of(0xa0), 5)),
    // Server and client authentication.
    extension("2.5.29.37", false, sequence(oid("1.3.6.1.5.5.7.3.1"), oid("1.3.6.1.5.5.7.3.2"))),
    extension("2.5.29.19", true, isAuthority ? sequence(element(TAG.boolean, Uint8Array.of(0xff))) : sequence()),
  ];
  if (isAuthority) extensions.push(extension("2.5.29.14", false, element(TAG.octetString, keyIdOf(key))));
  if (issuer?.keyId !== undefined && !equalBytes(issuer.subject, subject)) {
    extensions.push(extension("2.5.29.35", false, sequence(element(0x80, issuer.keyId))));
  }
  if (dnsNames.length + ipAddresses.length > 0) {
    const names = [...dnsNames.map(dnsName), ...ipAddresses.map((address) => element(0x87, address))];
    // Without a subject these names are all there is, so nobody may skip them.
    extensions.push(extension("2.5.29.17", request.commonName === "", sequence(...names)));
  }
  return extensions;
}

function dnsName(name: string): Uint8Array {
  // deno-lint-ignore no-control-regex -- the question is precisely whether the name is ASCII
  if (/^[\x00-\x7f]*$/.test(name)) return element(0x82, new TextEncoder().encode(name));
  throw new CertificateError(`x509: ${JSON.stringify(name)} cannot be encoded as an IA5String`);
}

function extension(id: string, critical: boolean, value: Uint8Array): Uint8Array {
  const flag = critical ? [element(TAG.boolean, Uint8Array.of(0xff))] : [];
  return sequence(oid(id), ...flag, element(TAG.octetString, value));
}

/** The first 20 bytes of the SHA-256 of the public key's bits, as Go does since 1.25. */
function keyIdOf({ publicKey }: SigningKey): Uint8Array {
  const [info] = readElements(publicKey);
  const bits = readElements(info?.content ?? new Uint8Array())[1]?.content.subarray(1) ?? new Uint8Array();
  return new Uint8Array(createHash("sha256").update(bits).digest().subarray(0, 20));
}

/** Reads what is needed of an issuer's certificate. @throws {CertificateError} */
export function parseCertificate(bytes: Uint8Array): Issuer {
  try {
    const [outer] = readElements(bytes);
    const [body] = readElements(outer?.content ?? new Uint8Array());
    const fields = readElements(body?.content ?? new Uint8Array());
    // A version field is there in all but the oldest certificates. Then: serial, algorithm, issuer, validity, subject, key.
    const [, , , , subject, publicKey, ...rest] = fields[0]?.tag === 0xa0 ? fields.slice(1) : fields;
    if (subject === undefined || publicKey === undefined) throw new CertificateError("x509: malformed certificate");
    return {
      subject: subject.raw,
      publicKey: publicKey.raw,
      keyId: keyIdIn(rest.find(({ tag }) => tag === 0xa3)?.content),
    };
  } catch (error) {
    if (error instanceof RangeError) throw new CertificateError("x509: malformed certificate", { cause: error });
    throw error;
  }
}

const SUBJECT_KEY_ID = oid("2.5.29.14");

function keyIdIn(extensions: Uint8Array | undefined): Uint8Array | undefined {
  if (extensions === undefined) return undefined;
  const [list] = readElements(extensions);
  for (const { content } of readElements(list?.content ?? new Uint8Array())) {
    const parts = readElements(content);
    const value = parts.at(-1);
    if (parts[0] === undefined || value === undefined || !equalBytes(parts[0].raw, SUBJECT_KEY_ID)) continue;
    return readElements(value.content)[0]?.content;
  }
  return undefined;
}

/** Reads the first certificate of a PEM text. @throws {CertificateError} */
export function parseCertificatePem(pem: string, name: string): Issuer {
  const block = decodePem(pem);
  if (block === undefined) throw new CertificateError("unable to decode certificate");
  try {
    return parseCertificate(block.bytes);
  } catch (error) {
    if (!(error instanceof CertificateError)) throw error;
    throw new CertificateError(`error parsing certificate: ${name}: ${error.message}`, { cause: error });
  }
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
