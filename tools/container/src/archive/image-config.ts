/** The part of an image's configuration that decides how it runs. */
export interface RunConfig {
  User?: string;
  Env?: string[] | null;
  Entrypoint?: string[] | null;
  Cmd?: string[] | null;
  WorkingDir?: string;
  Labels?: Record<string, string> | null;
  [field: string]: unknown;
}

/** A step of an image's history. */
export interface HistoryStep {
  created?: string;
  created_by?: string | undefined;
  empty_layer?: boolean;
}

/** An image's configuration as it lies in an archive. */
export interface ImageConfig {
  architecture?: string | undefined;
  os?: string | undefined;
  variant?: string | undefined;
  created?: string;
  config?: RunConfig;
  rootfs?: { type: string; diff_ids: string[] };
  history?: HistoryStep[];
}

/** An entry of an archive's manifest.json. */
export interface ManifestImage {
  Config: string;
  RepoTags: string[] | null;
  Layers: string[];
}

/** What an engine adds to an image without being asked. */
const ENGINE_LABELS = ['io.buildah.version', 'hecktor.build'];

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
  /** Digests of all unpacked layers. */
  diffIds: readonly string[];
}

/**
 * A configuration without what differs from build to build: names of build containers, ids of
 * intermediate images, times. The base image's history is left as it is.
 */
export function canonicalConfig(
  found: ImageConfig,
  { created, labels, baseLayers, diffIds }: CanonicalOptions,
): ImageConfig {
  const { architecture, os, variant, config = {}, history = [] } = found;
  let layersSeen = 0;
  const steps = history.map((step) => {
    const own = layersSeen >= baseLayers;
    if (step.empty_layer !== true) layersSeen++;
    return own ? canonicalStep(step, created) : step;
  });
  const rootfs = { type: 'layers', diff_ids: [...diffIds] };
  const run = canonicalRunConfig(config, labels);
  return { architecture, config: run, created, history: steps, os, rootfs, variant };
}

/** Builders note ids of intermediate images and, in ways of their own, digests of what was copied. */
function canonicalStep({ created_by: by, empty_layer }: HistoryStep, created: string): HistoryStep {
  const created_by = by?.replace(/\b(dir|file|multi):[0-9a-f]{64}/g, '$1');
  return { created, created_by, ...(empty_layer === true && { empty_layer }) };
}

function canonicalRunConfig(config: RunConfig, added: Readonly<Record<string, string>>): RunConfig {
  const kept = Object.entries(config)
    .filter(([field, value]) => RUN_FIELDS.includes(field) && value !== null && value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const { Labels, ...rest } = Object.fromEntries(kept) as RunConfig;
  const labels = Object.entries({ ...Labels, ...added })
    .filter(([name]) => !ENGINE_LABELS.includes(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return { ...rest, Labels: Object.fromEntries(labels) };
}
