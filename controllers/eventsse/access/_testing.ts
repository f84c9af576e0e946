/** Tokens to test with. Tests only. */
const encoder = new TextEncoder();

/** base64url of text or bytes. */
export function base64url(value: string | Uint8Array): string {
  const bytes = typeof value === "string" ? encoder.encode(value) : value;
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** A token signed with a secret. */
export async function secretToken(claims: object, secret: string, header: object = { alg: "HS256" }): Promise<string> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), algorithm, false, ["sign"]);
  return await signed(claims, header, key, "HMAC");
}

/** A token signed with a private key. */
export async function signed(
  claims: object,
  header: object,
  key: CryptoKey,
  algorithm: AlgorithmIdentifier | EcdsaParams | RsaPssParams,
): Promise<string> {
  const text = `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(claims))}`;
  const signature = await crypto.subtle.sign(algorithm, key, encoder.encode(text));
  return `${text}.${base64url(new Uint8Array(signature))}`;
}

/** `exp` so many seconds from now. */
export function inSeconds(seconds: number): number {
  return Math.floor(Date.now() / 1_000) + seconds;
}
