import type { Component } from './sbom-component.ts';

/**
 * The installed packages of a Debian image.
 *
 * @param status - Text of /var/lib/dpkg/status; empty: no Debian.
 * @param osRelease - Text of /etc/os-release.
 */
export function debianComponents(status: string, osRelease: string): Component[] {
  const { ID = 'debian', VERSION_CODENAME = '' } = settings(osRelease);
  return status
    .split(/\n\n+/)
    .map(fields)
    .filter(({ Package, Version, Status }) => Package && Version && Status?.endsWith(' installed'))
    .map(({ Package = '', Version = '', Architecture = 'all' }) => {
      const distro = VERSION_CODENAME === '' ? '' : `&distro=${VERSION_CODENAME}`;
      const version = encodeURIComponent(Version);
      const name = encodeURIComponent(Package);
      const purl = `pkg:deb/${ID}/${name}@${version}?arch=${Architecture}${distro}`;
      return { type: 'library', 'bom-ref': purl, name: Package, version: Version, purl };
    });
}

/** The operating system as a component. */
export function distribution(osRelease: string): Component[] {
  const { ID, VERSION_ID } = settings(osRelease);
  if (ID === undefined) return [];
  return [
    {
      type: 'operating-system',
      'bom-ref': `os:${ID}`,
      name: ID,
      ...(VERSION_ID === undefined ? {} : { version: VERSION_ID }),
    },
  ];
}

function fields(paragraph: string): Record<string, string> {
  const matches = paragraph.matchAll(/^([A-Za-z-]+): (.*)$/gm);
  return Object.fromEntries([...matches].map(([, key, value]) => [key, value]));
}

function settings(text: string): Record<string, string> {
  const matches = text.matchAll(/^([A-Z_]+)="?([^"\n]*)"?$/gm);
  return Object.fromEntries([...matches].map(([, key, value]) => [key, value]));
}
