/**
 * How the platform runs a container: once per case (exec), or as a server that it sends case after case
 * to (invoke). One image can do both; HECKTOR_API chooses.
 */
export type Api = 'exec' | 'invoke';

/** The platform goes by this label; without it a container is run once per case. */
export const API_LABEL = 'org.grand-challenge.api-method';

/** How the platform will run an image. */
export function apiOf(labels: Readonly<Record<string, string>>): Api {
  return labels[API_LABEL] === 'invoke' ? 'invoke' : 'exec';
}

/** How long the platform's starter kit waits for the answer to a case, s. */
export const INVOKE_SECONDS = 300;
