/** Events as documents in Elasticsearch. */
import { bulkKind, type BulkSettings } from "./_bulk.ts";
import type { SinkKind } from "./types.ts";

/** `spec.sink.elasticsearch`. */
export const elasticsearch: SinkKind<BulkSettings> = bulkKind("elasticsearch", "Elasticsearch");
