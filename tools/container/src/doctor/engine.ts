import { CATALOGUE, HecktorError } from '@hecktor/errors';
import type { exec } from '../engine/exec.ts';
import { imageFacts, isStandIn } from '../engine/image-facts.ts';
import { askEngine, type EngineName } from '../engine/open-engine.ts';
import { diskRow, type Fault, memoryRow, type Purpose, row, type Row } from './checks.ts';
import { freeBytes } from './machine.ts';

/** The rows about the container engine. Without one, the programs can still be run and tested. */
export function judgeEngine(facts: EngineFacts, nodeImage: string, purpose: Purpose): Row[] {
  const { name, fault, version = 'unknown version', system, arch, memoryBytes, baseImage } = facts;
  const status = purpose === 'container' ? 'blocker' : 'note';
  if (fault !== undefined) {
    return [row(name, fault.detail ?? '', { status, code: fault.code, fix: fault.fix })];
  }
  const advice = '; Docker Desktop grants more under Settings, Resources';
  return [
    row(name, [`${version} is running`, system, arch].filter(Boolean).join(', ')),
    ...(memoryBytes ? [memoryRow('memory for containers', memoryBytes, advice)] : []),
    diskRow('disk for images', facts.freeBytes, {
      ...{ needed: 1.5, wanted: 5 },
      fix:
        facts.freeBytes === undefined
          ? `\`${name} system df\` shows what images take up`
          : CATALOGUE.ENGINE_DISK_FULL.fix,
    }),
    row('base image', `${nodeImage} ${BASE_IMAGE[baseImage]}`, baseFault(baseImage, status)),
  ];
}

function baseFault(state: EngineFacts['baseImage'], status: 'blocker' | 'note'): Fault | false {
  if (state === 'unavailable') {
    return {
      ...{ status, code: 'BASE_IMAGE_UNAVAILABLE' },
      fix: CATALOGUE.BASE_IMAGE_UNAVAILABLE.fix,
    };
  }
  return (
    state === 'stand-in' && {
      status: status === 'note' ? status : 'warning',
      fix: 'an archive that is made from it is not for the upload: build, test and save where the official image can be pulled',
    }
  );
}

const BASE_IMAGE = {
  here: 'is here',
  'stand-in': 'is a stand-in made on this machine, not the official image',
  pullable: 'will be pulled by the build',
  unavailable: 'is not here and cannot be pulled',
} as const;

/** What can be learnt about the container engine; undefined: it does not tell. */
export interface EngineFacts {
  readonly name: EngineName;
  /** Why it does not answer. */
  readonly fault?: HecktorError;
  readonly version?: string | undefined;
  readonly system?: string | undefined;
  readonly arch?: string | undefined;
  readonly memoryBytes?: number | undefined;
  /** Where it keeps its images; undefined where that is not on this machine. */
  readonly freeBytes?: number | undefined;
  readonly baseImage: keyof typeof BASE_IMAGE;
}

/** Asks the engine. It changes nothing and pulls nothing. */
export async function engineFacts(
  name: EngineName,
  nodeImage: string,
  run: typeof exec,
): Promise<EngineFacts> {
  try {
    const info = await askEngine(name, run);
    const store = info.DockerRootDir ?? info.store?.graphRoot;
    return {
      name,
      version: info.ServerVersion ?? info.version?.Version,
      system: info.OperatingSystem ?? info.host?.distribution?.distribution,
      arch: info.Architecture ?? info.host?.arch,
      memoryBytes: info.MemTotal ?? info.host?.memTotal,
      freeBytes: store === undefined ? undefined : await freeBytes(store),
      baseImage: await baseImageState(name, nodeImage, run),
    };
  } catch (fault) {
    if (!(fault instanceof HecktorError)) throw fault;
    return { name, fault, baseImage: 'unavailable' };
  }
}

/** How long a registry may take to answer, ms. */
const PATIENCE = 15_000;

async function baseImageState(name: EngineName, nodeImage: string, run: typeof exec) {
  const engine = { exec: (args: readonly string[]) => run(name, args) };
  const here = await imageFacts(engine, nodeImage).catch(() => undefined);
  if (here !== undefined) return isStandIn(here) ? 'stand-in' : 'here';
  const signal = AbortSignal.timeout(PATIENCE);
  const asked = await Promise.race([
    run(name, ['manifest', 'inspect', nodeImage], { signal }),
    new Promise<undefined>((resolve) => signal.addEventListener('abort', () => resolve(undefined))),
  ]);
  return asked?.code === 0 ? 'pullable' : 'unavailable';
}
