/** The chart that `dev` shows: the example's, or one that the user names. */
import { basename, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type ChartMetadata, HelmChartError, loadArchive } from "../../lib/helm/mod.ts";
import type { ChartSpec } from "../../lib/release/mod.ts";
import { CliError } from "../errors.ts";
import { type ChartServer, packChart, serveCharts } from "../charts/mod.ts";

/** A chart to show. */
export interface ShownChart {
  readonly spec: ChartSpec;
  /** Serves it, where it is local. */
  readonly server?: ChartServer;
}

const EXAMPLE = fileURLToPath(new URL("../../examples/charts/hello-app", import.meta.url));

/**
 * Makes a chart available to the controllers: a remote one as it is, a local archive or folder through a Helm repository
 * and an OCI registry on loopback.
 */
export async function showChart(chart: string | undefined): Promise<ShownChart> {
  if (chart !== undefined && /^(https?|oci):\/\//.test(chart)) return { spec: { url: chart } };
  const path = chart ?? EXAMPLE;
  const archive = await localArchive(path);
  const metadata = metadataOf(archive, path);
  const server = serveCharts([{ metadata, archive }]);
  return { server, spec: { url: server.repository, repo: metadata.name, version: metadata.version } };
}

function metadataOf(archive: Uint8Array, path: string): ChartMetadata {
  try {
    return loadArchive(archive).metadata;
  } catch (error) {
    if (!(error instanceof HelmChartError)) throw error;
    throw new CliError("UnreadableChart", `Cannot use chart "${path}": ${error.message}`, { cause: error });
  }
}

async function localArchive(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const info = await Deno.stat(path).catch((error) => {
    const message = `Cannot read chart "${path}": ${error.message}: give a .tgz, a folder, a URL or oci://…`;
    throw new CliError("UnreadableChart", message, { cause: error });
  });
  if (!info.isDirectory) return await Deno.readFile(path);
  // Resolved, so that "." and "charts/.." have a name too.
  const folder = resolve(path);
  return await packChart(folder, basename(folder));
}
