import { type Api, apiOf } from '../../api.ts';
import { type ImageFacts, isRootUser } from '../../engine/image-facts.ts';
import { type Limits, showBytes, TIME_LIMIT_LABEL, timeLimitConflict } from '../limits.ts';
import { finding, type Finding } from './rules.ts';

/** The rules that can be judged without running the image. */
export function judgeImage(image: ImageFacts, limits: Limits, api: Api = 'exec'): Finding[] {
  const { user, architecture } = image;
  return [
    finding('user', {
      observed: user === '' ? 'no user is set, which is root' : `user ${user}`,
      limit: 'neither root nor 0',
      verdict: isRootUser(user) ? 'broken' : 'kept',
    }),
    finding('architecture', {
      observed: architecture,
      limit: 'amd64',
      verdict: architecture === 'amd64' ? 'kept' : 'broken',
    }),
    judgeSize(image.size, limits),
    ...judgeTimeLimit(image, limits),
    ...judgeApi(image, api),
  ];
}

/** An image that was not built here names no limit and is not judged. */
function judgeTimeLimit({ labels }: ImageFacts, { timeLimit }: Limits): Finding[] {
  const built = labels[TIME_LIMIT_LABEL];
  if (built === undefined) return [];
  const conflict = timeLimitConflict(labels, timeLimit);
  const verdict = conflict === undefined ? 'kept' : 'warning';
  const observed = conflict ?? `built for ${built} s`;
  return [finding('time-limit', { observed, limit: `${timeLimit} s`, verdict })];
}

/** An image that is run once is run so by default. */
function judgeApi({ labels }: ImageFacts, api: Api): Finding[] {
  const labelled = apiOf(labels);
  if (api === 'exec' && labelled === 'exec') return [];
  const verdict = labelled === api ? 'kept' : 'broken';
  return [finding('api', { observed: `tested as ${api}`, limit: labelled, verdict })];
}

function judgeSize(
  size: number,
  { imageBytes = Infinity, archiveBytes = Infinity }: Limits,
): Finding {
  const observed = `${showBytes(size)} unpacked`;
  const limits = [
    ...(imageBytes === Infinity ? [] : [showBytes(imageBytes)]),
    ...(archiveBytes === Infinity ? [] : [`archive ${showBytes(archiveBytes)}`]),
  ];
  const limit = limits.join(', ');
  if (size > imageBytes) return finding('image-size', { observed, limit, verdict: 'broken' });
  if (size <= archiveBytes) return finding('image-size', { observed, limit, verdict: 'kept' });
  // How far it can be packed is known only when it is packed.
  const unknown = `${observed}; docker-save shows what remains when packed`;
  return finding('image-size', { observed: unknown, limit, verdict: 'warning' });
}
