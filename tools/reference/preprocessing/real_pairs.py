"""Facts about the real CT/PET pairs: boxes, sampled values and sums. The images stay where they are.

    python tools/reference/preprocessing/real_pairs.py ../shared/data
"""

import hashlib
import sys
from pathlib import Path

import numpy as np
import SimpleITK as sitk

import chain
from golden_file import GoldenFile, grid

CASES = ("STS_002", "STS_008")
BOX = (200, 200, 310)
SAMPLES = 4000


def sampled(rng: np.random.Generator, golden: GoldenFile, values: np.ndarray) -> dict:
    flat = values.ravel()
    at = np.sort(rng.choice(flat.size, min(SAMPLES, flat.size), replace=False)).astype(np.int32)
    return {
        "at": golden.array(at),
        "values": golden.array(flat[at]),
        "mean": float(flat.mean(dtype=np.float64)),
        "deviation": float(flat.std(dtype=np.float64)),
        "zeros": int((flat == 0).sum()),
    }


def make(data: Path) -> None:
    rng = np.random.default_rng(8)
    golden = GoldenFile("real-pairs")
    cases = []
    for name in CASES:
        folder = data / "petct" / name
        ct, pet = (sitk.ReadImage(str(folder / f"{kind}_image.nii.gz")) for kind in ("CT", "PET"))
        ct_1mm, pet_1mm = chain.resampled_pair(ct, pet)
        start, end = chain.neck_box(chain.hot_spot(pet_1mm), np.array(ct_1mm.GetSize()), BOX)
        crop = {"index": [int(v) for v in start], "size": [int(v) for v in end - start]}
        ct_box, pet_box = (sitk.RegionOfInterest(v, **crop) for v in (ct_1mm, pet_1mm))
        tensor, low, high = chain.tensor_of(ct_box, pet_box, BOX)
        labels = sitk.ReadImage(str(folder / "PET_mask.nii.gz"), sitk.sitkUInt8)
        on_ct = sitk.Resample(labels, ct, sitk.Transform(), sitk.sitkNearestNeighbor, 0, sitk.sitkUInt8)
        cases.append({
            "name": name,
            "ct": grid(ct),
            "pet": grid(pet),
            "commonGrid": grid(ct_1mm),
            "neckStart": crop["index"],
            "neckSize": crop["size"],
            "foregroundStart": [int(v) for v in low[::-1]],
            "foregroundSize": [int(v) for v in (high - low)[::-1]],
            "ctBox": sampled(rng, golden, sitk.GetArrayFromImage(ct_box)),
            "petBox": sampled(rng, golden, sitk.GetArrayFromImage(pet_box)),
            "ctTensor": sampled(rng, golden, tensor[0, 0]),
            "petTensor": sampled(rng, golden, tensor[0, 1]),
            "petMaskOnCt": hashlib.sha256(sitk.GetArrayFromImage(on_ct).tobytes()).hexdigest(),
        })
    golden.write({"box": list(BOX), "cases": cases})


if __name__ == "__main__":
    make(Path(sys.argv[1]))
