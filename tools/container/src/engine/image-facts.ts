import { HecktorError } from '@hecktor/errors';
import type { RunConfig } from '../archive/image-config.ts';
import type { Engine } from './open-engine.ts';

export interface ImageFacts {
  readonly id: string;
  readonly architecture: string;
  readonly user: string;
  /** Digests of the unpacked layers, lowest first. */
  readonly layers: readonly string[];
  /** Size when unpacked, bytes. */
  readonly size: number;
  readonly entrypoint: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** @throws HecktorError IMAGE_NOT_BUILT when there is no such image. */
export async function imageFacts(engine: Pick<Engine, 'exec'>, tag: string): Promise<ImageFacts> {
  if (tag.startsWith('-')) throw new HecktorError('IMAGE_NOT_BUILT', { detail: tag });
  const { code, stdout } = await engine.exec(['image', 'inspect', tag]);
  const [image] = code === 0 ? (JSON.parse(stdout) as Inspected[]) : [];
  if (image === undefined) throw new HecktorError('IMAGE_NOT_BUILT', { detail: tag });
  return {
    // Podman leaves the name of the hash out.
    id: image.Id.includes(':') ? image.Id : `sha256:${image.Id}`,
    architecture: image.Architecture,
    layers: image.RootFS?.Layers ?? [],
    user: image.Config.User ?? '',
    size: image.Size,
    entrypoint: image.Config.Entrypoint ?? [],
    labels: image.Config.Labels ?? {},
  };
}

/** Whether an image is the base that tools/container/provision makes, or was made from it. */
export function isStandIn({ labels }: Pick<ImageFacts, 'labels'>): boolean {
  return labels['hecktor.base'] === 'stand-in';
}

/** Whether the platform would refuse this USER: empty, root or 0, alone or with a group. */
export function isRootUser(user: string): boolean {
  return ['', 'root', '0'].includes(user.split(':')[0] ?? '');
}

interface Inspected {
  Id: string;
  Architecture: string;
  Size: number;
  RootFS?: { Layers?: string[] | null };
  Config: Pick<RunConfig, 'User' | 'Entrypoint' | 'Labels'>;
}

/** `[host[:port]/]path[:tag]`, the path in small letters. */
const NAME =
  /^([\w.-]+(:\d+)?\/)?[a-z0-9]+((\.|_{1,2}|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_{1,2}|-+)[a-z0-9]+)*)*(:\w[\w.-]{0,127})?$/;

/**
 * The name that an image is given, with a tag in every case: engines add `latest` to a name on
 * their command line, but not to one in an archive.
 */
export function imageName(name: string): string {
  if (!NAME.test(name)) {
    throw new HecktorError('OPTION_INVALID', {
      detail: `an image cannot be called "${name}"`,
      cause: '--tag has capital letters, spaces or signs that names of images may not have',
      fix: 'give a name such as --tag=my-model:v1',
    });
  }
  return name.slice(name.lastIndexOf('/') + 1).includes(':') ? name : `${name}:latest`;
}
