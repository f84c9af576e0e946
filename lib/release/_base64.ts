/** Standard base64 of bytes. */
export function toBase64(bytes: Uint8Array<ArrayBuffer>): string {
  let text = "";
  const step = 0x8000;
  for (let i = 0; i < bytes.length; i += step) text += String.fromCharCode(...bytes.subarray(i, i + step));
  return btoa(text);
}
