/**
 * Rendering charts.
 *
 * @module
 */
export { DEFAULT_API_VERSIONS, DEFAULT_KUBE_VERSION } from "./default_api_versions.ts";
export { HELM_VERSION } from "./capabilities.ts";
export { RenderError, type RenderErrorReason } from "./errors.ts";
export { withGlobal } from "./global.ts";
export { compareInstallOrder, compareUninstallOrder } from "./install_order.ts";
export { type KubeVersion, KubeVersionError, parseKubeVersion } from "./kube_version.ts";
export {
  compareHooks,
  manifestText,
  type SortedManifests,
  sortManifests,
  splitDocuments,
  splitManifest,
} from "./manifest.ts";
export { render } from "./render.ts";
export {
  createRenderer,
  DEFAULT_MAX_MEMORY,
  DEFAULT_TIMEOUT,
  type Renderer,
  type RendererOptions,
} from "./renderer.ts";
export { renderTemplates, type TemplatesRequest } from "./templates.ts";
