/** What decides the engine's build command. */
export interface BuildArgs {
  tag: string;
  nodeImage: string;
  /** The staged build context. */
  context: string;
  /** Tells what this build leaves behind from other builds'. */
  build: string;
}

/** Makes BuildKit write one plain image, as the platform wants it, and no attestation beside it. */
export const BUILD_ENV = { BUILDX_NO_DEFAULT_ATTESTATIONS: '1' } as const;

/** Arguments of `docker build` and `podman build`, understood with and without BuildKit. */
export function buildArgs({ tag, nodeImage, context, build }: BuildArgs): string[] {
  return [
    'build',
    // A step that fails leaves no container behind, without BuildKit either.
    '--force-rm',
    ...['--platform', 'linux/amd64'],
    ...['--network', 'none'],
    ...['--build-arg', `NODE_IMAGE=${nodeImage}`],
    ...['--build-arg', `BUILD=${build}`],
    ...['--tag', tag],
    context,
  ];
}
