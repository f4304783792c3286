"""Turn a cohort in the challenge's layout into small network inputs, kept in one file.

The recipe `corrected` of tasks 2 and 3: common box of CT and PET at 1 mm, cubic B-spline, neck box of
200 x 200 x 310 mm around the brain's centroid, each image to 0..1, block means to size^3, axes
z, y, x. Without rotation all of it but the range is a product of one small matrix per axis, so a
patient takes a fraction of a second. The brain is looked for at 3 mm, so the neck box may lie a
voxel or two off; scores are measured on the program, not on this.

Writes <out>.npy (float16: patients x 2 x size^3), <out>.masks.npy (patients x 2 x 12^3: the share of
primary and nodes in each cell) and <out>.json (patient ids in order).
"""

import argparse
import json
from pathlib import Path

import numpy as np
import SimpleITK as sitk
from scipy import ndimage

from prepare import brain_centre, edges
from task23_networks import IMAGE_SIZE, PLACES

BOX = np.array([200, 200, 310])
COARSE = 3.0


def bspline_matrix(image, axis: int, positions) -> np.ndarray:
    """Weights of the spline coefficients along one axis at world positions; mirrored at the ends."""
    n = image.GetSize()[axis]
    at = (np.asarray(positions) - image.GetOrigin()[axis]) / image.GetSpacing()[axis]
    first = np.floor(at).astype(int) - 1
    matrix = np.zeros((len(at), n), np.float32)
    for k in range(4):
        t = np.abs(at - (first + k))
        weight = np.where(t < 1, 2 / 3 - t**2 + t**3 / 2, np.maximum(0, 2 - t) ** 3 / 6)
        index = np.abs(first + k)
        index = np.where(index >= n, 2 * (n - 1) - index, index)
        np.add.at(matrix, (np.arange(len(at)), index), weight)
    return matrix


def block_matrix(n: int, size: int) -> np.ndarray:
    """Adaptive average pooling of n samples to size."""
    matrix = np.zeros((size, n), np.float32)
    for i in range(size):
        low, high = i * n // size, -(-(i + 1) * n // size)
        matrix[i, low:high] = 1 / (high - low)
    return matrix


def along_axes(coefficients, matrices):
    """Applies x, y, z matrices to a z, y, x array."""
    x, y, z = matrices
    out = np.tensordot(z, coefficients, (1, 0))
    out = np.matmul(y, out)
    return np.matmul(out, x.T)


def prepare(folder: Path, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Images, and the share of primary and nodes in each cell of the masks."""
    name = folder.name
    ct = sitk.ReadImage(str(folder / f"{name}__CT.nii.gz"), sitk.sitkFloat32)
    pet = sitk.ReadImage(str(folder / f"{name}__PT.nii.gz"), sitk.sitkFloat32)
    (ct_low, ct_high), (pet_low, pet_high) = edges(ct), edges(pet)
    lower, upper = np.maximum(ct_low, pet_low), np.minimum(ct_high, pet_high)
    count = np.rint(upper - lower).astype(int)
    spline = lambda image: ndimage.spline_filter(
        sitk.GetArrayFromImage(image), order=3, mode="mirror", output=np.float32
    )
    ct_spline, pet_spline = spline(ct), spline(pet)
    coarse = [lower[i] + COARSE * (np.arange(int(count[i] / COARSE)) + 0.5) for i in range(3)]
    whole = along_axes(pet_spline, [bspline_matrix(pet, i, coarse[i]) for i in range(3)])
    centre = np.rint(COARSE * (brain_centre(whole) + 0.5)).astype(int)
    start = np.clip(centre - BOX // 2, 0, count)
    end = np.clip(start + BOX, 0, count)
    start = np.maximum(end - BOX, 0)
    channels = []
    for image, coefficients in ((ct, ct_spline), (pet, pet_spline)):
        fine = [bspline_matrix(image, i, lower[i] + 0.5 + np.arange(start[i], end[i])) for i in range(3)]
        every = along_axes(coefficients, fine)
        low, high = every.min(), every.max()
        means = along_axes(coefficients, [block_matrix(len(m), size) @ m for m in fine])
        channels.append((means - low) / (high - low))
    labels = sitk.ReadImage(str(folder / f"{name}.nii.gz"))
    cells = []
    for i in range(3):
        smooth = bspline_matrix(labels, i, lower[i] + 0.5 + np.arange(start[i], end[i]))
        cells.append(block_matrix(len(smooth), PLACES) @ smooth)
    values = sitk.GetArrayFromImage(labels)
    masks = [along_axes((values == label).astype(np.float32), cells) for label in (1, 2)]
    return np.stack(channels).astype(np.float16), np.stack(masks).astype(np.float16)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cohort", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="path without ending")
    parser.add_argument("--size", type=int, default=IMAGE_SIZE)
    parser.add_argument("--most", type=int, default=100000)
    options = parser.parse_args()
    found = (p for p in options.cohort.iterdir() if p.is_dir() and not p.name.endswith(".part"))
    folders = sorted(found)[: options.most]
    images = []
    for folder in folders:
        images.append(prepare(folder, options.size))
        if len(images) % 50 == 0:
            print(f"{len(images)} of {len(folders)}", flush=True)
    np.save(options.out.with_suffix(".npy"), np.stack([image for image, _ in images]))
    np.save(options.out.with_suffix(".masks.npy"), np.stack([masks for _, masks in images]))
    options.out.with_suffix(".json").write_text(json.dumps([folder.name for folder in folders]))


if __name__ == "__main__":
    main()
