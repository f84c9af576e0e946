/**
 * Where charts come from.
 *
 * @module
 */
export { type ChartCache, createChartCache, type Validator } from "./cache.ts";
export { ChartFetchError, type ChartFetchErrorReason } from "./errors.ts";
export { fetchChart } from "./fetch_chart.ts";
export { dockerCredentials, type RegistryCredentials } from "./docker_config.ts";
