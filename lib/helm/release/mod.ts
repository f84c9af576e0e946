/** Release records as Helm stores them. */
export { decodeRelease, encodeRelease, MAX_RECORD_SIZE, ReleaseCodecError, type ReleaseCodecReason } from "./codec.ts";
