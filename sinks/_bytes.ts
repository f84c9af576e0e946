/** Texts as the bytes of one request, without a string of all of them: as long as a batch is on its way that would be as large again. */

const encoder = new TextEncoder();

/** Shared by all sinks: no memory is asked for a batch. */
let shared = new Uint8Array(64 * 1024);

/**
 * The texts in UTF-8, `before` the first, `between` two, `after` the last.
 *
 * The bytes are good until the next call, so only for whoever copies them at once, as `fetch` does and {@linkcode HttpClient}
 * promises.
 */
export function joinedBytes(
  texts: readonly string[],
  { before = "", between = "", after = "" }: { before?: string; between?: string; after?: string },
): Uint8Array<ArrayBuffer> {
  let length = append(before, 0);
  for (const [index, text] of texts.entries()) {
    if (index > 0) length = append(between, length);
    length = append(text, length);
  }
  length = append(after, length);
  return shared.subarray(0, length);
}

/** Writes a text at a place; returns where it ends. */
function append(text: string, at: number): number {
  // Most texts are ASCII. What is not has up to three bytes a character.
  reserve(at + text.length);
  const { read, written } = encoder.encodeInto(text, shared.subarray(at));
  if (read === text.length) return at + written;
  reserve(at + text.length * 3);
  return at + encoder.encodeInto(text, shared.subarray(at)).written;
}

function reserve(size: number): void {
  if (size <= shared.length) return;
  const larger = new Uint8Array(Math.max(size, shared.length * 2));
  larger.set(shared);
  shared = larger;
}
