/** JSON Schema validation: one class a draft. */
import type { AnySchemaObject } from "npm:ajv@8.20.0";
export { Ajv } from "npm:ajv@8.20.0";
export { Ajv2019 } from "npm:ajv@8.20.0/dist/2019.js";
export { Ajv2020 } from "npm:ajv@8.20.0/dist/2020.js";
export { default as AjvDraft04 } from "npm:ajv-draft-04@1.0.0";
export { default as addFormats } from "npm:ajv-formats@3.0.1";
export type { AnySchema, ErrorObject, ValidateFunction } from "npm:ajv@8.20.0";

import draft04 from "npm:ajv-draft-04@1.0.0/dist/refs/json-schema-draft-04.json" with { type: "json" };
import draft06 from "npm:ajv@8.20.0/dist/refs/json-schema-draft-06.json" with { type: "json" };
import draft07 from "npm:ajv@8.20.0/dist/refs/json-schema-draft-07.json" with { type: "json" };
import draft2019 from "npm:ajv@8.20.0/dist/refs/json-schema-2019-09/schema.json" with { type: "json" };
import applicator2019 from "npm:ajv@8.20.0/dist/refs/json-schema-2019-09/meta/applicator.json" with { type: "json" };
import content2019 from "npm:ajv@8.20.0/dist/refs/json-schema-2019-09/meta/content.json" with { type: "json" };
import core2019 from "npm:ajv@8.20.0/dist/refs/json-schema-2019-09/meta/core.json" with { type: "json" };
import format2019 from "npm:ajv@8.20.0/dist/refs/json-schema-2019-09/meta/format.json" with { type: "json" };
import metadata2019 from "npm:ajv@8.20.0/dist/refs/json-schema-2019-09/meta/meta-data.json" with { type: "json" };
import validation2019 from "npm:ajv@8.20.0/dist/refs/json-schema-2019-09/meta/validation.json" with { type: "json" };
import draft2020 from "npm:ajv@8.20.0/dist/refs/json-schema-2020-12/schema.json" with { type: "json" };
import applicator2020 from "npm:ajv@8.20.0/dist/refs/json-schema-2020-12/meta/applicator.json" with { type: "json" };
import content2020 from "npm:ajv@8.20.0/dist/refs/json-schema-2020-12/meta/content.json" with { type: "json" };
import core2020 from "npm:ajv@8.20.0/dist/refs/json-schema-2020-12/meta/core.json" with { type: "json" };
import format2020 from "npm:ajv@8.20.0/dist/refs/json-schema-2020-12/meta/format-annotation.json" with { type: "json" };
import metadata2020 from "npm:ajv@8.20.0/dist/refs/json-schema-2020-12/meta/meta-data.json" with { type: "json" };
import unevaluated2020 from "npm:ajv@8.20.0/dist/refs/json-schema-2020-12/meta/unevaluated.json" with { type: "json" };
import validation2020 from "npm:ajv@8.20.0/dist/refs/json-schema-2020-12/meta/validation.json" with { type: "json" };

const DRAFT_2019 = "https://json-schema.org/draft/2019-09";
const DRAFT_2020 = "https://json-schema.org/draft/2020-12";

/** The schemas that schemas are held against, by address. */
export const METASCHEMAS: Readonly<Record<string, AnySchemaObject>> = {
  "http://json-schema.org/draft-04/schema": draft04,
  "http://json-schema.org/draft-06/schema": draft06,
  "http://json-schema.org/draft-07/schema": draft07,
  [`${DRAFT_2019}/schema`]: draft2019,
  [`${DRAFT_2019}/meta/applicator`]: applicator2019,
  [`${DRAFT_2019}/meta/content`]: content2019,
  [`${DRAFT_2019}/meta/core`]: core2019,
  [`${DRAFT_2019}/meta/format`]: format2019,
  [`${DRAFT_2019}/meta/meta-data`]: metadata2019,
  [`${DRAFT_2019}/meta/validation`]: validation2019,
  [`${DRAFT_2020}/schema`]: draft2020,
  [`${DRAFT_2020}/meta/applicator`]: applicator2020,
  [`${DRAFT_2020}/meta/content`]: content2020,
  [`${DRAFT_2020}/meta/core`]: core2020,
  [`${DRAFT_2020}/meta/format-annotation`]: format2020,
  [`${DRAFT_2020}/meta/meta-data`]: metadata2020,
  [`${DRAFT_2020}/meta/unevaluated`]: unevaluated2020,
  [`${DRAFT_2020}/meta/validation`]: validation2020,
};
