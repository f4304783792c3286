import { CATALOGUE, type ErrorCode } from '@hecktor/errors';
import type { exec, ExecResult } from '../engine/exec.ts';
import { type EngineName, lastLine } from '../engine/open-engine.ts';
import { recogniseSymptom } from '../symptoms/recognise-symptom.ts';
import { type Check, diskRow, type Fault, memoryRow, type Purpose, row } from './checks.ts';
import { freeBytes } from './machine.ts';

const SILENT: Readonly<Record<Exclude<EngineFacts['state'], 'running'>, ErrorCode>> = {
  missing: 'ENGINE_NOT_FOUND',
  stopped: 'ENGINE_NOT_RUNNING',
  forbidden: 'ENGINE_NOT_PERMITTED',
  failing: 'ENGINE_FAILED',
};

/** The rows about the container engine. Without one, the programs can still be run and tested. */
export function judgeEngine(facts: EngineFacts, nodeImage: string, purpose: Purpose): Check[] {
  const { name, state, said, version = 'unknown version', system, arch, memoryBytes } = facts;
  const hindrance = (code: ErrorCode): Fault => ({
    ...{ status: purpose === 'container' ? 'blocker' : 'note', code },
    fix: CATALOGUE[code].fix,
  });
  if (state !== 'running') {
    const found =
      state === 'missing' ? `there is no command "${name}"` : said || 'it does not answer';
    return [row('engine', name, found, hindrance(SILENT[state]))];
  }
  const base = {
    here: 'is here',
    pullable: 'will be pulled by the build',
    unavailable: 'is not here and cannot be pulled',
  }[facts.baseImage ?? 'unavailable'];
  const isMissing = (facts.baseImage ?? 'unavailable') === 'unavailable';
  return [
    row('engine', name, [`${version} is running`, system, arch].filter(Boolean).join(', ')),
    ...(memoryBytes === undefined || memoryBytes === 0
      ? []
      : [
          memoryRow(
            'engine',
            'memory for containers',
            memoryBytes,
            '; Docker Desktop grants more under Settings, Resources',
          ),
        ]),
    diskRow('engine', 'disk for images', facts.freeBytes, {
      ...{ needed: 1.5, wanted: 5 },
      fix:
        facts.freeBytes === undefined
          ? `\`${name} system df\` shows what images take up`
          : CATALOGUE.ENGINE_DISK_FULL.fix,
    }),
    row(
      'engine',
      'base image',
      `${nodeImage} ${base}`,
      isMissing && hindrance('BASE_IMAGE_UNAVAILABLE'),
    ),
  ];
}

/** What can be learnt about the container engine; undefined: it does not tell. */
export interface EngineFacts {
  readonly name: EngineName;
  readonly state: 'missing' | 'stopped' | 'forbidden' | 'failing' | 'running';
  /** Its last words when it does not run. */
  readonly said: string;
  readonly version?: string | undefined;
  readonly system?: string | undefined;
  readonly arch?: string | undefined;
  readonly memoryBytes?: number | undefined;
  /** Where it keeps its images; undefined where that is not on this machine. */
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
  const answer = await run(name, ['info', '--format', '{{json .}}']);
  const info = parse(answer.stdout);
  const silence = stateOf(answer, info);
  if (silence !== undefined) {
    return { name, state: silence, said: lastLine(answer.stderr || answer.stdout) };
  }
  const store = info.DockerRootDir ?? info.store?.graphRoot;
  return {
    ...{ name, state: 'running', said: '' },
    version: info.ServerVersion ?? info.version?.Version,
    system: info.OperatingSystem ?? info.host?.distribution?.distribution,
    arch: info.Architecture ?? info.host?.arch,
    memoryBytes: info.MemTotal ?? info.host?.memTotal,
    freeBytes: store === undefined ? undefined : await freeBytes(store),
    baseImage: await baseImageState(options),
  };
}

/** Why an engine does not answer; undefined when it does. Docker's client may exit with 0 then. */
function stateOf(
  { code, stderr }: ExecResult,
  { ServerErrors = [] }: Info,
): Exclude<EngineFacts['state'], 'running'> | undefined {
  if (code === 127) return 'missing';
  const symptom = recogniseSymptom({
    ...{ exitCode: 1, timedOut: false, oomKilled: false },
    ...{ stderrTail: stderr, stdoutTail: '' },
  });
  if (symptom?.code === 'ENGINE_NOT_PERMITTED') return 'forbidden';
  if (symptom?.code === 'ENGINE_NOT_RUNNING') return 'stopped';
  if (code !== 0) return 'failing';
  return ServerErrors.length === 0 ? undefined : 'stopped';
}

/** The fields of `docker info` and, in small letters, those of `podman info`. */
interface Info {
  ServerVersion?: string;
  OperatingSystem?: string;
  Architecture?: string;
  MemTotal?: number;
  DockerRootDir?: string;
  ServerErrors?: string[];
  host?: { arch?: string; memTotal?: number; distribution?: { distribution?: string } };
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

function parse(stdout: string): Info {
  try {
    return (JSON.parse(stdout) as Info | null) ?? {};
  } catch {
    return {};
  }
}
