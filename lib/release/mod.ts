/** Helm on a cluster: releases installed, upgraded, healed and removed through server-side apply; health of children. */
export { type Applied, applyObject, applyObjects, type ApplySettings, HELM_MANAGER } from "./apply.ts";
export { ChartLibrary, type ChartLibraryOptions, type ChartSpec, type LoadedChart } from "./charts.ts";
export { deploy, type Deployment, type DeployRequest } from "./deploy.ts";
export { canonical, driftedFields, fingerprint } from "./drift.ts";
export { type MissingKind, ReleaseError, type ReleaseErrorReason } from "./errors.ts";
export { type Health, health } from "./health.ts";
export { lastDeployed, ReleaseHistory, type StoredRelease } from "./history.ts";
export { manifestDigest, manifestObjects } from "./manifest.ts";
export { belongsTo, mark, objectId, objectPath, type ReleaseObject, resolveObjects } from "./objects.ts";
export { uninstall, type UninstallProgress, type UninstallRequest } from "./uninstall.ts";
