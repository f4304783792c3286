import { CATALOGUE, type ErrorCode } from '@hecktor/errors';
import type { Check, Purpose } from './checks.ts';
import { enoughDisk, enoughMemory, freeBytes } from './machine.ts';
import type { exec, ExecResult } from '../engine/exec.ts';
import { type EngineName, lastLine } from '../engine/open-engine.ts';
import { recogniseSymptom } from '../symptoms/recognise-symptom.ts';

const GB = 1e9;

const SILENT: Readonly<Record<Exclude<EngineFacts['state'], 'running'>, ErrorCode>> = {
  missing: 'ENGINE_NOT_FOUND',
  stopped: 'ENGINE_NOT_RUNNING',
  forbidden: 'ENGINE_NOT_PERMITTED',
  failing: 'ENGINE_FAILED',
};

/** The rows about the container engine. Without one, the programs can still be run and tested. */
export function judgeEngine(facts: EngineFacts, nodeImage: string, purpose: Purpose): Check[] {
  const { name, state, said } = facts;
  if (state !== 'running') {
    const code = SILENT[state];
    const check: Check = {
      area: 'engine',
      name,
      status: purpose === 'container' ? 'blocker' : 'note',
      found: state === 'missing' ? `there is no command "${name}"` : said || 'it does not answer',
      code,
      fix: CATALOGUE[code].fix,
    };
    return [check];
  }
  return [
    {
      area: 'engine',
      name,
      status: 'ok',
      found: [`${facts.version ?? 'unknown version'} is running`, facts.system, facts.arch]
        .filter(Boolean)
        .join(', '),
    },
    ...memory(facts),
    enoughDisk(
      { area: 'engine', name: 'disk for images', status: 'ok', found: '' },
      facts.freeBytes,
      {
        needed: 1.5 * GB,
        wanted: 5 * GB,
        fix:
          facts.freeBytes === undefined
            ? `\`${name} system df\` shows what images take up`
            : CATALOGUE.ENGINE_DISK_FULL.fix,
      },
    ),
    baseImage(facts, nodeImage, purpose),
  ];
}

function memory({ memoryBytes }: EngineFacts): Check[] {
  if (memoryBytes === undefined || memoryBytes === 0) return [];
  const found = `${(memoryBytes / GB).toFixed(1)} GB`;
  const check = enoughMemory(
    { area: 'engine', name: 'memory for containers', status: 'ok', found },
    memoryBytes,
  );
  return [
    check.status === 'ok'
      ? check
      : { ...check, fix: `${check.fix}; Docker Desktop grants more under Settings, Resources` },
  ];
}

function baseImage({ baseImage: state }: EngineFacts, nodeImage: string, purpose: Purpose): Check {
  const check: Check = { area: 'engine', name: 'base image', status: 'ok', found: nodeImage };
  if (state === 'here') return { ...check, found: `${nodeImage} is here` };
  if (state === 'pullable') return { ...check, found: `${nodeImage} will be pulled by the build` };
  return {
    ...check,
    status: purpose === 'container' ? 'blocker' : 'note',
    found: `${nodeImage} is not here and cannot be pulled`,
    code: 'BASE_IMAGE_UNAVAILABLE',
    fix: CATALOGUE.BASE_IMAGE_UNAVAILABLE.fix,
  };
}

/** What can be learnt about the container engine. */
export interface EngineFacts {
  readonly name: EngineName;
  readonly state: 'missing' | 'stopped' | 'forbidden' | 'failing' | 'running';
  /** Its last words when it does not run. */
  readonly said: string;
  /** Of a running engine; undefined: it does not tell. */
  readonly version?: string | undefined;
  readonly system?: string | undefined;
  readonly arch?: string | undefined;
  readonly cpus?: number | undefined;
  readonly memoryBytes?: number | undefined;
  /** Where it keeps its images. */
  readonly store?: string | undefined;
  /** Free there; undefined where the place is not on this machine, e.g. in a virtual one. */
  readonly freeBytes?: number | undefined;
  readonly baseImage?: 'here' | 'pullable' | 'unavailable' | undefined;
}

/** Options of {@link engineFacts}. */
interface EngineFactsOptions {
  name: EngineName;
  nodeImage: string;
  run: typeof exec;
}

/** How long a registry may take to answer, ms. */
const PATIENCE = 15_000;

/** Asks the engine. It changes nothing and pulls nothing. */
export async function engineFacts(options: EngineFactsOptions): Promise<EngineFacts> {
  const { name, run } = options;
  const info = await run(name, ['info', '--format', '{{json .}}']);
  const silence = stateOf(info);
  if (silence !== undefined) {
    return { name, state: silence, said: lastLine(info.stderr || info.stdout) };
  }
  const known = readInfo(info.stdout);
  return {
    name,
    state: 'running',
    said: '',
    ...known,
    freeBytes: known.store === undefined ? undefined : await freeBytes(known.store),
    baseImage: await baseImageState(options),
  };
}

/** Why an engine does not answer; undefined when it does. Docker's client may exit with 0 then. */
function stateOf({ code, stderr, stdout }: ExecResult): EngineFacts['state'] | undefined {
  if (code === 127) return 'missing';
  const symptom = recogniseSymptom({
    ...{ exitCode: 1, timedOut: false, oomKilled: false },
    ...{ stderrTail: stderr, stdoutTail: '' },
  });
  if (symptom?.code === 'ENGINE_NOT_PERMITTED') return 'forbidden';
  if (symptom?.code === 'ENGINE_NOT_RUNNING') return 'stopped';
  if (code !== 0) return 'failing';
  const { ServerErrors } = parse(stdout) as { ServerErrors?: string[] };
  return ServerErrors === undefined || ServerErrors.length === 0 ? undefined : 'stopped';
}

/** The fields of `docker info` and those of `podman info`. */
function readInfo(stdout: string): Partial<EngineFacts> {
  const info = parse(stdout) as DockerInfo & PodmanInfo;
  const { host, store, version } = info;
  return {
    version: info.ServerVersion ?? version?.Version,
    system: info.OperatingSystem ?? host?.distribution?.distribution,
    arch: info.Architecture ?? host?.arch,
    cpus: info.NCPU ?? host?.cpus,
    memoryBytes: info.MemTotal ?? host?.memTotal,
    store: info.DockerRootDir ?? store?.graphRoot,
  };
}

interface DockerInfo {
  ServerVersion?: string;
  OperatingSystem?: string;
  Architecture?: string;
  NCPU?: number;
  MemTotal?: number;
  DockerRootDir?: string;
}

interface PodmanInfo {
  host?: {
    arch?: string;
    cpus?: number;
    memTotal?: number;
    distribution?: { distribution?: string };
  };
  store?: { graphRoot?: string };
  version?: { Version?: string };
}

async function baseImageState(options: EngineFactsOptions): Promise<EngineFacts['baseImage']> {
  const { name, nodeImage, run } = options;
  if ((await run(name, ['image', 'inspect', nodeImage])).code === 0) return 'here';
  const signal = AbortSignal.timeout(PATIENCE);
  const asked = await Promise.race([
    run(name, ['manifest', 'inspect', nodeImage], { signal }),
    new Promise<undefined>((resolve) => signal.addEventListener('abort', () => resolve(undefined))),
  ]);
  return asked?.code === 0 ? 'pullable' : 'unavailable';
}

function parse(stdout: string): object {
  try {
    return (JSON.parse(stdout) as object | null) ?? {};
  } catch {
    return {};
  }
}
