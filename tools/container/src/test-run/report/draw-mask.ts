import { CT, findImage, PET } from '@hecktor/case-io';
import { renderOverlay, toPng } from '@hecktor/demo';
import { readVolume, toNumeric } from '@hecktor/image-io';
import { join } from 'node:path';
import type { ExpectedOutput } from '../outputs.ts';
import { isOutputSound } from '../rules/finding.ts';
import type { CaseReport } from './report.ts';

/**
 * A picture of a case's mask on its images, as PNG; undefined where there is no sound mask or the
 * images cannot be drawn: a report without a picture is still a report.
 */
export async function drawMask(
  { input, output, findings, name }: Omit<CaseReport, 'picture'>,
  { path }: ExpectedOutput,
): Promise<Uint8Array | undefined> {
  if (!isOutputSound(findings)) return undefined;
  const [ct, pet] = [findImage(input, CT), findImage(input, PET)];
  if (ct === undefined || pet === undefined) return undefined;
  try {
    const mask = toNumeric(await readVolume(join(output, path)));
    return toPng(
      renderOverlay({
        ct: toNumeric(await readVolume(ct)),
        pet: toNumeric(await readVolume(pet)),
        mask: { ...mask, data: Uint8Array.from(mask.data) },
        title: [`${name} - not for patients`],
      }),
    );
  } catch {
    return undefined;
  }
}
