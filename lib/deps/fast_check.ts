/** Property-based testing. Tests only. */
export * as fc from "npm:fast-check@4.10.2";
