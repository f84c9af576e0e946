/**
 * Release records: how Helm stores them and which it keeps. Storing them on a cluster is somebody else's.
 *
 * @module
 */
export { decodeRelease, encodeRelease, MAX_SECRET_SIZE } from "./codec.ts";
export { ReleaseRecordError, type ReleaseRecordErrorReason } from "./errors.ts";
export {
  deployedRevision,
  isPending,
  lastRevision,
  type Revision,
  revisionsToPrune,
  rollbackTarget,
} from "./history.ts";
