import { type ImageFacts, isRootUser } from '../../engine/image-facts.ts';
import { type Limits, showBytes, TIME_LIMIT_LABEL, timeLimitConflict } from '../limits.ts';
import { finding, type Finding } from './rules.ts';

/** The rules that can be judged without running the image. */
export function judgeImage(image: ImageFacts, limits: Limits): Finding[] {
  return [
    finding('user', {
      observed: image.user === '' ? 'no user is set, which is root' : `user ${image.user}`,
      limit: 'neither root nor 0',
      verdict: isRootUser(image.user) ? 'broken' : 'kept',
    }),
    finding('architecture', {
      observed: image.architecture,
      limit: 'amd64',
      verdict: image.architecture === 'amd64' ? 'kept' : 'broken',
    }),
    judgeSize(image.size, limits),
    ...judgeTimeLimit(image, limits),
  ];
}

/** An image that was not built here names no limit and is not judged. */
function judgeTimeLimit({ labels }: ImageFacts, { timeLimit }: Limits): Finding[] {
  const built = labels[TIME_LIMIT_LABEL];
  if (built === undefined) return [];
  const conflict = timeLimitConflict(labels, timeLimit);
  return [
    finding('time-limit', {
      observed: conflict ?? `built for ${built} s`,
      limit: `${timeLimit} s`,
      verdict: conflict === undefined ? 'kept' : 'warning',
    }),
  ];
}

function judgeSize(size: number, { imageBytes, archiveBytes }: Limits): Finding {
  const observed = `${showBytes(size)} unpacked`;
  if (imageBytes !== undefined && size > imageBytes) {
    return finding('image-size', { observed, limit: showBytes(imageBytes), verdict: 'broken' });
  }
  // How far it can be packed is known only when it is packed.
  if (archiveBytes !== undefined && size > archiveBytes) {
    return finding('image-size', {
      observed: `${observed}; docker-save shows what remains when packed`,
      limit: `archive ${showBytes(archiveBytes)}`,
      verdict: 'warning',
    });
  }
  const limit = [
    ...(imageBytes === undefined ? [] : [showBytes(imageBytes)]),
    ...(archiveBytes === undefined ? [] : [`archive ${showBytes(archiveBytes)}`]),
  ].join(', ');
  return finding('image-size', { observed, limit, verdict: 'kept' });
}
