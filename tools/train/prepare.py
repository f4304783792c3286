"""Turn phantoms written by make-cohort into network inputs, as the demo's recipe does.

Common box of CT and PET at 2 mm (cubic B-spline, outside CT -1000, PET 0), neck crop of
100 x 100 x 155 voxels around the brain's centroid, CT -250..250 HU to -6..6, PET z-score over its
non-zero voxels, axes y, x, z. Writes <out>/<seed>.image.npy (float16, 2 x Y x X x Z),
<out>/<seed>.label.npy (uint8, Y x X x Z) and <out>/<seed>.grid.json.
"""

import argparse
import json
import os
from pathlib import Path

import numpy as np
import SimpleITK as sitk
from scipy import ndimage

BOX = np.array([100, 100, 155])
SPACING = 2.0


def load(folder: Path, name: str, kind, head: dict) -> sitk.Image:
    size = head["size"]
    data = np.fromfile(folder / f"{name}.raw", dtype=kind).reshape(size[::-1])
    image = sitk.GetImageFromArray(data)
    image.SetSpacing(head["spacing"])
    image.SetOrigin(head["origin"])
    return image


def resample(image, origin, size, interpolator, outside):
    return sitk.Resample(
        image,
        [int(n) for n in size],
        sitk.Transform(),
        interpolator,
        [float(v) for v in origin],
        [SPACING] * 3,
        [1, 0, 0, 0, 1, 0, 0, 0, 1],
        outside,
    )


def edges(image):
    spacing = np.array(image.GetSpacing())
    lower = np.array(image.GetOrigin()) - spacing / 2
    return lower, lower + spacing * np.array(image.GetSize())


def brain_centre(suv):
    """Voxel x, y, z of the largest hot spot in the top quarter of a z, y, x array."""
    values = suv.transpose(2, 1, 0)
    first = int(0.75 * values.shape[2])
    top = values[:, :, first:]
    hot = (top - top.mean()) / (top.std(ddof=1) + 1e-8) > 1
    parts, count = ndimage.label(hot, np.ones((3, 3, 3)))
    if count == 0:
        return np.array([*(np.array(top.shape) // 2)]) + [0, 0, first]
    largest = 1 + np.argmax(np.bincount(parts.ravel())[1:])
    centre = np.array(ndimage.center_of_mass(parts == largest)).astype(int)
    return centre + [0, 0, first]


def prepare(folder: Path, out: Path) -> None:
    head = json.loads((folder / "phantom.json").read_text())
    ct = sitk.Cast(load(folder, "ct", np.int16, head["ct"]), sitk.sitkFloat32)
    pet = load(folder, "pet", np.float32, head["pet"])
    labels = load(folder, "labels", np.uint8, head["ct"])
    (ct_low, ct_high), (pet_low, pet_high) = edges(ct), edges(pet)
    lower = np.maximum(ct_low, pet_low)
    size = np.rint((np.minimum(ct_high, pet_high) - lower) / SPACING).astype(int)
    whole = sitk.GetArrayFromImage(resample(pet, lower + SPACING / 2, size, sitk.sitkBSpline, 0.0))
    start = np.clip(brain_centre(whole) - BOX // 2, 0, size)
    end = np.clip(start + BOX, 0, size)
    start = np.maximum(end - BOX, 0)
    origin = lower + SPACING / 2 + SPACING * start
    crop = lambda image, how, outside: sitk.GetArrayFromImage(
        resample(image, origin, end - start, how, outside)
    )
    hu = crop(ct, sitk.sitkBSpline, -1000.0)
    suv = crop(pet, sitk.sitkBSpline, 0.0)
    hu = np.clip((hu + 250) / 500, 0, 1) * 12 - 6
    some = suv != 0
    suv = np.where(some, (suv - suv[some].mean()) / (suv[some].std() or 1), 0)
    image = np.stack([hu, suv]).transpose(0, 2, 3, 1)
    label = crop(labels, sitk.sitkNearestNeighbor, 0).transpose(1, 2, 0)
    np.save(out / f"{folder.name}.label.npy", np.ascontiguousarray(label))
    grid = {
        "ct": head["ct"],
        "box_origin": origin.tolist(),
        "labels": str((folder / "labels.raw").resolve()),
    }
    (out / f"{folder.name}.grid.json").write_text(json.dumps(grid))
    part = out / f"{folder.name}.part.npy"
    np.save(part, np.ascontiguousarray(image, dtype=np.float16))
    os.replace(part, out / f"{folder.name}.image.npy")
    print(folder.name, image.shape, [round(float((label == i).sum()) * SPACING**3 / 1000, 1) for i in (1, 2)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cohort", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(options.threads)
    options.out.mkdir(parents=True, exist_ok=True)
    for folder in sorted(p for p in options.cohort.iterdir() if p.name.isdigit()):
        if not (options.out / f"{folder.name}.image.npy").exists():
            prepare(folder, options.out)


if __name__ == "__main__":
    main()
