/** All charts and values that make Helm fail. */
import type { ErrorCase } from "./case.ts";
import { chartCases } from "./chart_cases.ts";
import { schemaCases } from "./schema_cases.ts";
import { traceCases } from "./trace_cases.ts";
import { templateCases } from "./template_cases.ts";
import { valueCases } from "./value_cases.ts";

/** Every case; ids are unique. */
export const cases: readonly ErrorCase[] = [
  ...templateCases,
  ...chartCases,
  ...valueCases,
  ...schemaCases,
  ...traceCases,
];
