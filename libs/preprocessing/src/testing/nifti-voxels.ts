/** The voxels of an uncompressed little-endian NIfTI-1 file of float32 or int16 without scaling. */
export function niftiVoxels(file: Uint8Array): Float32Array | Int16Array | Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const type = view.getInt16(70, true);
  const voxels = Uint8Array.from(file.subarray(view.getFloat32(108, true))).buffer;
  const slope = view.getFloat32(112, true);
  if (slope !== 0 && slope !== 1) throw new Error(`did not expect a scaling of ${slope}`);
  if (type === 16) return new Float32Array(voxels);
  if (type === 4) return new Int16Array(voxels);
  if (type === 2) return new Uint8Array(voxels);
  throw new Error(`did not expect NIfTI type ${type}`);
}
