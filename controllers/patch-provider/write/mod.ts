/** How a value gets into one field of an object, and out of it again. @module */
export { blockers, type Rival, rivalsOf } from "./conflict.ts";
export { applyDocument } from "./document.ts";
export { editOperations, type JsonPatch, listOperations } from "./edits.ts";
export { managersOf, withoutManager } from "./managed_fields.ts";
