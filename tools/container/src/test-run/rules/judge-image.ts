import { isRootUser, type ImageFacts } from '../../engine/image-facts.ts';
import type { Limits } from '../profile/limits-of.ts';
import { showBytes } from '../profile/parse-size.ts';
import { finding } from './rule-table.ts';
import type { Finding } from './finding.ts';

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
