/** TLS settings that every sink on a network shares. */
import { isIP } from "node:net";
import { rootCertificates } from "node:tls";
import { flag, object, secretRef, string } from "./_schema.ts";
import { type SecretRef, type SinkContext, SinkError, type SinkSchema } from "./types.ts";

/** `tls` of a sink's settings. */
export interface TlsSettings {
  /** PEM; trusted in addition to the well-known authorities. */
  readonly caCert?: string;
  /** The same, from a Secret. */
  readonly caSecretRef?: SecretRef;
  /** A Secret of type `kubernetes.io/tls`: its `tls.crt` and `tls.key` are shown to the server. */
  readonly clientCert?: { readonly secretRef: { readonly name: string; readonly namespace?: string } };
  /** Name that the server's certificate must be for; the URL's host by default. */
  readonly serverName?: string;
  /** Takes any certificate. */
  readonly insecureSkipVerify?: boolean;
}

/** {@linkcode TlsSettings} with everything read. PEM. */
export interface TlsMaterial {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly serverName?: string;
  readonly insecure: boolean;
}

/** Schema of {@linkcode TlsSettings}. */
export const tlsSchema: SinkSchema = object("TLS settings.", {
  caCert: string("Certificates (PEM) to trust in addition to the well-known authorities.", { maxLength: 65536 }),
  caSecretRef: secretRef("The same, from a Secret."),
  clientCert: object("Certificate to show to the server.", {
    secretRef: object("A Secret of type kubernetes.io/tls.", {
      name: string("Name of the Secret.", { maxLength: 253 }),
      namespace: string("Namespace of the Secret; the router's own by default.", { maxLength: 63 }),
    }, ["name"]),
  }, ["secretRef"]),
  serverName: string("Name that the server's certificate must be for; the address's host by default.", {
    maxLength: 253,
  }),
  insecureSkipVerify: flag("Take any certificate: anybody on the way can then read and change what is sent."),
});

/** Reads what `settings` refer to. Settings from Secrets are checked here, since no schema can. */
export async function tlsMaterial(settings: TlsSettings = {}, context: SinkContext): Promise<TlsMaterial> {
  const { caCert, caSecretRef, clientCert, serverName, insecureSkipVerify } = settings;
  const ca = [caCert, caSecretRef && await context.secret(caSecretRef)].filter(Boolean).join("\n");
  if (ca !== "" && !ca.includes("-----BEGIN CERTIFICATE-----")) {
    throw new SinkError("Misconfigured", `Cannot open sink "${context.name}": the CA certificate in tls is not PEM`);
  }
  const pair = clientCert && {
    cert: await context.secret({ ...clientCert.secretRef, key: "tls.crt" }),
    key: await context.secret({ ...clientCert.secretRef, key: "tls.key" }),
  };
  return {
    ...(ca !== "" && { ca }),
    ...pair,
    ...(serverName !== undefined && { serverName }),
    insecure: insecureSkipVerify ?? false,
  };
}

/** What `node:tls` calls them. Its `ca` replaces the well-known authorities, so that these are named again. */
export interface NodeTlsOptions {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
  readonly rejectUnauthorized: boolean;
}

/** The options of `node:tls`, which most client libraries take. */
export function nodeTls({ ca, cert, key, serverName, insecure }: TlsMaterial): NodeTlsOptions {
  return {
    rejectUnauthorized: !insecure,
    ...(ca !== undefined && { ca: [...rootCertificates, ca].join("\n") }),
    ...(cert !== undefined && key !== undefined && { cert, key }),
    ...(serverName !== undefined && { servername: serverName }),
  };
}

/** {@linkcode nodeTls} for libraries that do not name the host to `node:tls`, which refuses an address as a name. */
export function nodeTlsFor(host: string, material: TlsMaterial): NodeTlsOptions {
  return { ...(isIP(host) === 0 && { servername: host }), ...nodeTls(material) };
}

/** Whether an error's text says that a TLS handshake failed for a reason that another attempt does not mend. */
export function isTlsFailure(text: string): boolean {
  return /invalid peer certificate|certificate (unknown|required|expired|revoked|verify failed)|UnknownIssuer|NotValidForName|self.signed|unable to (get|verify)|CERT_|altname|BadCertificate|UnknownCA|HandshakeFailure|InvalidCertificate|wrong version number|corrupt message|InvalidContentType|received fatal alert|tlsv1 alert/i
    .test(text);
}
