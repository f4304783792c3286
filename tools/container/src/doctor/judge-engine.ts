import { CATALOGUE, type ErrorCode } from '@hecktor/errors';
import type { Check, Purpose } from './check.ts';
import type { EngineFacts } from './engine-facts.ts';
import { enoughDisk, enoughMemory } from './judge-machine.ts';

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
