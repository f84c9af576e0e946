/** What every sink that speaks mutual TLS has to do, against its real server. */
import assert from "node:assert/strict";
import { TEST_CA, TEST_CERTIFICATE, TEST_KEY } from "../../sinks/tls_testing.ts";
import { deliveries, failure, openSink, soon } from "./_events.ts";
import { contextWith } from "./_server.ts";

/**
 * Delivers to a server that asks for a certificate: a sink that trusts it and shows its own does, one with neither is `Misconfigured`.
 *
 * @param settings Of a server with the files of `writeCertificates()`, without `tls`.
 * @param secrets What the sink's own Secret holds besides its certificate and key.
 */
export async function speaksMutualTls(
  name: string,
  settings: Readonly<Record<string, unknown>>,
  secrets: Readonly<Record<string, string>>,
): Promise<void> {
  const tls = { caCert: TEST_CA, clientCert: { secretRef: { name: "auth" } } };
  const certificate = { "tls.crt": TEST_CERTIFICATE, "tls.key": TEST_KEY };
  await using sink = await openSink(name, { ...settings, tls }, contextWith({ ...secrets, ...certificate }));
  await sink.send(deliveries(0, 2), soon());
  const error = await failure(openSink(name, { ...settings, tls: {} }, contextWith(secrets)));
  assert.equal(error.reason, "Misconfigured", error.message);
}
