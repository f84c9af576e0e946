/**
 * Field management: server-side apply, `metadata.managedFields`, strategic merge patch.
 *
 * The caller keeps a kind's subresources apart: it takes `status` out of a configuration for the main resource of a kind with a
 * status subresource, and everything else out of one for `status`, before it comes here.
 */
import type { FieldManager } from "../resource.ts";
import { apply } from "./apply.ts";
import { strategicMerge } from "./strategic_merge.ts";
import { updated } from "./updated.ts";

export { ApplyError, typedErrors } from "./typed_errors.ts";
export { apply, strategicMerge, updated };

/** Field management as the server uses it. */
export const fieldManager: FieldManager = { apply, updated, strategicMerge };
