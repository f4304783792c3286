import type { Engine } from './open-engine.ts';

/**
 * The full name of an image that was made here. Podman takes a name without a host for one of
 * `localhost`, but not in an archive.
 */
export function localName({ name }: Pick<Engine, 'name'>, tag: string): string {
  const [host, ...rest] = tag.split('/');
  const hasHost = rest.length > 0 && /[.:]|^localhost$/.test(host ?? '');
  return name === 'podman' && !hasHost ? `localhost/${tag}` : tag;
}
