/** Charts at hand: packed, and served from loopback as a Helm repository and an OCI registry. */
export { expandArchive } from "./expand.ts";
export { packChart, packFiles } from "./pack.ts";
export { type ChartServer, serveCharts, type ServedChart } from "./server.ts";
