/**
 * The function library for Go templates: all of sprig 3.3 but `env`, `expandenv` and `getHostByName`, and Helm 4's own pure
 * functions; and the Go libraries behind them that others need too: semantic versions, times, regular expressions, JSON, TOML.
 *
 * @module
 */
export { DEFAULT_MAX_CHARACTERS, DEFAULT_MAX_ITEMS, type FunctionOptions } from "./options.ts";
export { helmFunctions, sprigFunctions } from "./tables.ts";
export {
  comparePrereleases,
  parseStrictVersion,
  parseVersion,
  SemVer,
  SemverError,
  type SemverReason,
  tryParseVersion,
} from "./semver.ts";
export { Constraint } from "./semver_constraint.ts";
export { GoVersion } from "./semver_value.ts";
export {
  DurationError,
  formatDuration,
  NANOSECONDS,
  parseDuration,
  roundDuration,
  truncateDuration,
} from "./time/duration.ts";
export { formatTime, LAYOUTS } from "./time/format.ts";
export { fromDate, type Instant, ZERO_TIME } from "./time/instant.ts";
export { parseTime, TimeParseError } from "./time/parse.ts";
export { fixedZone, loadZone, UTC, type Zone, type ZoneOffset } from "./time/zone.ts";
export { GoDuration, GoTime, timeTypes } from "./time/values.ts";
export { compilePanic, GoRegexp, quoteMeta, RegexpError } from "./go_regexp.ts";
export { encodeJson, JsonEncodeError, type JsonStyle } from "./json_encode.ts";
export { decodeJson, JsonDecodeError } from "./json_decode.ts";
export { encodeToml, TomlEncodeError } from "./toml_encode.ts";
export { decodeToml, TomlDecodeError } from "./toml_decode.ts";
export { deepEqual } from "./deep_equal.ts";
export { deepCopy } from "./deep_copy.ts";
export { mergeMaps } from "./merge.ts";
export { parseUrl, UrlError, type UrlParts } from "./url.ts";
export { addressFault } from "./ip_address.ts";
