/** Differences above this are more than rounding: one HU is 0.024 on the scale of the network. */
const TOLERANCE = 1e-3;

/** Says in words how far two tensors of several channels agree. */
export function describeTensors(
  ours: Float32Array,
  python: Float32Array,
  channels: readonly string[],
): string {
  if (ours.length !== python.length) {
    return `**The tensors differ in size:** ${ours.length} and ${python.length} voxels.`;
  }
  const count = ours.length / channels.length;
  const texts = channels.map((name, channel) => {
    let largest = 0;
    let apart = 0;
    for (let i = channel * count; i < (channel + 1) * count; i++) {
      const difference = Math.abs(ours[i]! - python[i]!);
      if (!(difference <= largest)) largest = difference;
      if (!(difference <= TOLERANCE)) apart++;
    }
    return `${name}: largest difference ${largest.toPrecision(2)}, more than ${TOLERANCE} apart in ${apart} of ${count} voxels`;
  });
  return `Tensors, ours and Python's: ${texts.join('; ')}.`;
}
