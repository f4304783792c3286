/** The part of an image's configuration that decides how it runs. */
export interface RunConfig {
  User?: string;
  Env?: string[] | null;
  Entrypoint?: string[] | null;
  Labels?: Record<string, string> | null;
  [field: string]: unknown;
}

/** An image's configuration as it lies in an archive. */
export interface ImageConfig {
  architecture?: string | undefined;
  os?: string | undefined;
  variant?: string | undefined;
  created?: string;
  config?: RunConfig;
  rootfs?: { type: string; diff_ids: string[] };
  history?: { created?: string; created_by?: string | undefined; empty_layer?: boolean }[];
}

/** An entry of an archive's manifest.json. */
export interface ManifestImage {
  Config: string;
  RepoTags: string[] | null;
  Layers: string[];
}

/** What an engine adds to an image without being asked. */
const ENGINE_LABELS = ['io.buildah.version', 'hecktor.build'];
// The steps of the Dockerfile that name the build.
const STEP_OF_THE_BUILD = /\bARG BUILD\b|\bhecktor\.build=/;

// The fields that the image specification knows; the others are traces of the build.
const RUN_FIELDS = [
  ...['User', 'ExposedPorts', 'Env', 'Entrypoint', 'Cmd', 'Volumes', 'WorkingDir', 'Labels'],
  ...['StopSignal', 'Healthcheck', 'Shell', 'ArgsEscaped'],
];

export interface CanonicalOptions {
  /** Time stamp of the image and of the steps above the base image, ISO 8601. */
  created: string;
  /** Added to the labels that the image has. */
  labels: Readonly<Record<string, string>>;
  /** Number of the base image's layers, which stay as they are. */
  baseLayers: number;
}

/**
 * A configuration without what differs from build to build: names of build containers, ids of
 * intermediate images, times. The base image's history is left as it is.
 */
export function canonicalConfig(
  { architecture, os, variant, config = {}, history = [] }: ImageConfig,
  diffIds: readonly string[],
  { created, labels, baseLayers }: CanonicalOptions,
): ImageConfig {
  let layersSeen = 0;
  const steps = history.flatMap((step) => {
    const isBase = layersSeen < baseLayers;
    if (step.empty_layer !== true) layersSeen++;
    if (isBase) return [step];
    if (STEP_OF_THE_BUILD.test(step.created_by ?? '')) return [];
    // Builders note ids of intermediate images and, in ways of their own, digests of what was copied.
    const created_by = step.created_by?.replace(/\b(dir|file|multi):[0-9a-f]{64}/g, '$1');
    return [{ created, created_by, ...(step.empty_layer === true && { empty_layer: true }) }];
  });
  const run = sorted(config, (field, value) => RUN_FIELDS.includes(field) && !isUnset(value));
  const all = { ...config.Labels, ...labels };
  const Labels = sorted(all, (name) => !ENGINE_LABELS.includes(name)) as Record<string, string>;
  const rootfs = { type: 'layers', diff_ids: [...diffIds] };
  delete run['Labels'];
  return { architecture, config: { ...run, Labels }, created, history: steps, os, rootfs, variant };
}

const isUnset = (value: unknown) => value === null || value === '';

function sorted(table: object, isKept: (name: string, value: unknown) => boolean) {
  const kept = Object.entries(table).filter(([name, value]) => isKept(name, value));
  return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1))) as Record<string, unknown>;
}
