/**
 * PEM blocks.
 *
 * @module
 */

/** A block: its label and its bytes. */
export interface PemBlock {
  readonly label: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The block as text, 64 characters a line, with a newline at the end. */
export function encodePem({ label, bytes }: PemBlock): string {
  const lines = bytes.toBase64().match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}

/** The first well-formed block of a text; `undefined` when there is none. */
export function decodePem(text: string): PemBlock | undefined {
  const begin = /(?:^|\n)-----BEGIN ([^\n]*?)-----[ \t\r]*\n/g;
  for (let match = begin.exec(text); match !== null; match = begin.exec(text)) {
    const label = match[1] ?? "";
    const end = text.indexOf(`-----END ${label}-----`, begin.lastIndex);
    if (end < 0) continue;
    const body = withoutHeaders(text.slice(begin.lastIndex, end)).replace(/[ \t\r\n]/g, "");
    if (/^[A-Za-z0-9+/]*={0,2}$/.test(body) && body.length % 4 === 0) {
      return { label, bytes: Uint8Array.fromBase64(body) };
    }
  }
  return undefined;
}

/** Headers (`Proc-Type: …`) stand before an empty line. */
function withoutHeaders(body: string): string {
  const lines = body.split("\n");
  const first = lines.findIndex((line) => !line.includes(":"));
  return lines.slice(Math.max(first, 0)).join("\n");
}
