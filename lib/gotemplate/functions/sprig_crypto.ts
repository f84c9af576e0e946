/** Sprig's keys, certificates, passwords and random texts. */
import { parseAddress } from "./crypto/addresses.ts";
import { decryptAes, encryptAes } from "./crypto/aes.ts";
import { CertificateError, createCertificate, type Issuer, parseCertificatePem } from "./crypto/certificate.ts";
import { derivePassword } from "./crypto/derive_password.ts";
import {
  generateDsa,
  generateEcdsa,
  generateEd25519,
  generateRsa,
  parsePrivateKey,
  type PrivateKey,
  PrivateKeyError,
  type SigningKey,
} from "./crypto/private_key.ts";
import { decodeBase64, EncodingError } from "./base64.ts";
import type { Environment } from "./options.ts";
import { textOf } from "./text_of.ts";
import { byteLength, decodeUtf8 } from "../bytes.ts";
import { bcrypt } from "../../deps/bcryptjs.ts";
import { internType } from "../go_type.ts";
import { fn, FunctionError, type FunctionTable } from "../signature.ts";
import { GoObject, type Operand, sliceItems, toNumber, types, type Value } from "../value.ts";

/** What `genCA` and its like give: certificate and key as PEM. */
export class GoCertificate extends GoObject {
  readonly type = CERTIFICATE;

  constructor(readonly cert: string, readonly key: string) {
    super();
  }

  override fieldNames(): readonly string[] {
    return ["Cert", "Key"];
  }

  override field(name: string): Operand {
    if (name === "Cert") return this.cert;
    return name === "Key" ? this.key : undefined;
  }
}

const CERTIFICATE = internType<GoCertificate>("sprig.certificate", "struct");

const RSA_BITS = 2048;
const RSA_BITS_ALONE = 4096;
const DAY = 86_400_000;
const BCRYPT_ROUNDS = 10;
/** Longest password of bcrypt, in bytes. */
const BCRYPT_LONGEST = 72;

/** Who a certificate is for. */
interface Subject {
  readonly name: string;
  readonly ips: Value;
  readonly names: Value;
  readonly days: number;
}

/** `genCA`, `genSignedCert`, `genPrivateKey`, `derivePassword`, `htpasswd`, `encryptAES` and their like. */
export function cryptoFunctions(env: Environment): FunctionTable {
  const freshKey = () => generateRsa(env.random, RSA_BITS);
  const certificate = (subject: Subject, isAuthority: boolean, key: PrivateKey, issuer?: Issuer, signer = key) => {
    const made = (): string => {
      const notBefore = env.now();
      return createCertificate(
        {
          commonName: subject.name,
          ipAddresses: addressesOf(subject.ips),
          dnsNames: dnsNamesOf(subject.names),
          notBefore,
          notAfter: new Date(notBefore.getTime() + subject.days * DAY),
          serial: env.random(16),
          isAuthority,
        },
        signing(key),
        issuer,
        signing(signer),
      );
    };
    return new GoCertificate(reading("error creating certificate: ", made), key.pem);
  };
  const authority = (name: string, days: number, key: PrivateKey) =>
    certificate({ name, ips: null, names: null, days }, true, key);
  const signed = (subject: Subject, ca: GoCertificate, key: PrivateKey) => {
    const issuer = reading("", () => parseCertificatePem(ca.cert, "decodedSignerCert.Bytes"));
    return certificate(
      subject,
      false,
      key,
      issuer,
      reading("error parsing private key: ", () => parsePrivateKey(ca.key)),
    );
  };
  const given = (pem: string) => reading("parsing private key: ", () => parsePrivateKey(pem));
  const hash = (password: string) => {
    if (byteLength(password) > BCRYPT_LONGEST) {
      return "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes";
    }
    const salt = bcrypt.encodeBase64(Array.from(env.random(16)), 16);
    return bcrypt.hashSync(password, `$2a$${BCRYPT_ROUNDS}$${salt}`);
  };
  const { string, int, slice } = types;
  const subjectOf = (name: string, ips: Value, names: Value, days: number): Subject => ({ name, ips, names, days });

  return {
    genPrivateKey: fn([string], string, (kind) => {
      if (kind === "" || kind === "rsa") return generateRsa(env.random, RSA_BITS_ALONE).pem;
      if (kind === "dsa") return generateDsa(env.random);
      if (kind === "ecdsa") return generateEcdsa(env.random).pem;
      return kind === "ed25519" ? generateEd25519(env.random).pem : `Unknown type ${kind}`;
    }),
    genCA: fn([string, int], CERTIFICATE, (name, days) => authority(name, toNumber(days), freshKey())),
    genCAWithKey: fn(
      [string, int, string],
      CERTIFICATE,
      (name, days, pem) => authority(name, toNumber(days), given(pem)),
    ),
    genSelfSignedCert: fn([string, slice, slice, int], CERTIFICATE, (name, ips, names, days) => {
      return certificate(subjectOf(name, ips, names, toNumber(days)), false, freshKey());
    }),
    genSelfSignedCertWithKey: fn([string, slice, slice, int, string], CERTIFICATE, (name, ips, names, days, pem) => {
      return certificate(subjectOf(name, ips, names, toNumber(days)), false, given(pem));
    }),
    genSignedCert: fn([string, slice, slice, int, CERTIFICATE], CERTIFICATE, (name, ips, names, days, ca) => {
      return signed(subjectOf(name, ips, names, toNumber(days)), ca, freshKey());
    }),
    genSignedCertWithKey: fn(
      [string, slice, slice, int, CERTIFICATE, string],
      CERTIFICATE,
      (name, ips, names, days, ca, pem) => signed(subjectOf(name, ips, names, toNumber(days)), ca, given(pem)),
    ),
    buildCustomCert: fn([string, string], CERTIFICATE, customCertificate),
    derivePassword: fn(
      [types.uint32, string, string, string, string],
      string,
      (counter, kind, password, user, site) => {
        return derivePassword(toNumber(counter), kind, password, user, site);
      },
    ),
    bcrypt: fn([string], string, hash),
    htpasswd: fn([string, string], string, (user, password) => {
      return user.includes(":") ? `invalid username: ${user}` : `${user}:${hash(password)}`;
    }),
    encryptAES: fn([string, string], string, (password, text) => encryptAes(env.random, password, text)),
    decryptAES: fn([string, string], string, (password, text) => reading("", () => decryptAes(password, text))),
    randBytes: fn([int], string, (count) => {
      const size = toNumber(count);
      if (size < 0) throw new FunctionError("runtime error: makeslice: len out of range");
      env.checkCharacters("randBytes", size * 2);
      return env.random(size).toBase64();
    }),
    uuidv4: fn([], string, () => uuid(env.random(16))),
  };
}

/** Runs; the errors that bad input causes become errors of the function. */
function reading<R>(prefix: string, read: () => R): R {
  try {
    return read();
  } catch (error) {
    if (error instanceof CertificateError || error instanceof PrivateKeyError || error instanceof EncodingError) {
      throw new FunctionError(prefix + error.message, { cause: error });
    }
    throw error;
  }
}

function signing(key: PrivateKey): SigningKey {
  if (key.kind !== "dsa") return key;
  throw new CertificateError("x509: certificate private key does not implement crypto.Signer");
}

function addressesOf(list: Value): Uint8Array[] {
  return (sliceItems(list) ?? []).map((item) => {
    if (typeof item !== "string") throw new FunctionError(`error parsing ip: ${textOf(item)} is not a string`);
    const address = parseAddress(item);
    if (address === undefined) throw new FunctionError(`error parsing ip: ${item}`);
    return address;
  });
}

function dnsNamesOf(list: Value): string[] {
  return (sliceItems(list) ?? []).map((item) => {
    if (typeof item === "string") return item;
    throw new FunctionError(`error processing alternate dns name: ${textOf(item)} is not a string`);
  });
}

function customCertificate(encodedCert: string, encodedKey: string): GoCertificate {
  const decoded = (text: string, what: string) => {
    try {
      return decodeUtf8(decodeBase64(text));
    } catch (error) {
      if (error instanceof EncodingError) throw new FunctionError(`unable to decode base64 ${what}`, { cause: error });
      throw error;
    }
  };
  const cert = decoded(encodedCert, "certificate");
  const key = decoded(encodedKey, "private key");
  reading("", () => parseCertificatePem(cert, "decodedCert.Bytes"));
  reading("error parsing private key: ", () => parsePrivateKey(key));
  return new GoCertificate(cert, key);
}

/** A random UUID: version 4, variant 1. */
function uuid(bytes: Uint8Array): string {
  const marked = bytes.map((byte, at) => at === 6 ? (byte & 0x0f) | 0x40 : at === 8 ? (byte & 0x3f) | 0x80 : byte);
  return marked.toHex().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
