/** Events as documents in OpenSearch. */
import { bulkKind, type BulkSettings } from "./_bulk.ts";
import type { SinkKind } from "./types.ts";

/** `spec.sink.opensearch`. */
export const opensearch: SinkKind<BulkSettings> = bulkKind("opensearch", "OpenSearch");
