"""The preprocessing of tasks 2 and 3, on small cases and, with a folder of data, on a real pair.

    python tools/reference/preprocessing/prediction.py ../shared/data

Arrays have lost their geometry before anything happens to them, and are indexed z, y, x throughout.
Written from the description of what the challenge's containers and training scripts compute;
SimpleITK, scikit-image, PyTorch and MONAI do the work.
"""

import hashlib
import sys
from pathlib import Path

import numpy as np
import SimpleITK as sitk
import torch
from monai.transforms import Resize, ScaleIntensity

import chain
from golden_file import GoldenFile
from resample import texture

SIZE = (96, 96, 96)
SAMPLES = 500
OVER_RANGE_EPSILON = 1e-5

# name, CT size (x, y, z), CT type, PET size, PET type, box as in the recipe, hot spot (z, y, x)
CASES = [
    ("int16-and-float32", (40, 38, 24), "int16", (27, 31, 30), "float32", (12, 16, 20), (12, 15, 25)),
    ("float32-and-uint16", (34, 33, 25), "float32", (41, 40, 22), "uint16", (14, 11, 15), (17, 30, 31)),
    ("box-below-voxel-0", (30, 29, 31), "int16", (30, 29, 31), "int16", (24, 22, 20), (3, 4, 26)),
    ("shorter-than-the-box", (17, 12, 15), "int16", (19, 11, 13), "float32", (30, 30, 30), (4, 6, 12)),
    ("nothing-hot", (21, 22, 20), "uint8", (20, 21, 23), "int16", (12, 11, 10), None),
    ("long-axes", (150, 9, 7), "int16", (150, 9, 7), "uint8", (6, 8, 90), (3, 4, 140)),
    ("equal-spots", (24, 20, 18), "int16", (24, 20, 18), "float32", (10, 9, 8), "equal"),
]  # fmt: skip


def sampled(rng: np.random.Generator, golden: GoldenFile, values: np.ndarray) -> dict:
    flat = values.ravel()
    at = np.sort(rng.choice(flat.size, min(SAMPLES, flat.size), replace=False)).astype(np.int32)
    return {
        "at": golden.array(at),
        "values": golden.array(flat[at]),
        "mean": float(flat.mean(dtype=np.float64)),
        "deviation": float(flat.std(dtype=np.float64)),
    }


def digest(values: np.ndarray) -> str:
    return hashlib.sha256(np.ascontiguousarray(values).tobytes()).hexdigest()


def emission(rng: np.random.Generator, size, dtype: str, spot) -> np.ndarray:
    values = 1 + 0.05 * rng.standard_normal(size[::-1])
    if spot is None:
        values[:] = 3
    elif spot == "equal":
        values[:] = 1
        # Which of the two comes first depends on the order in which voxels are numbered.
        values[2:4, 12:14, 22:24] = 9
        values[9:11, 3:5, 20:22] = 9
    else:
        index = np.stack(np.meshgrid(*(np.arange(n) for n in size[::-1]), indexing="ij"))
        squares = ((index - np.reshape(spot, (3, 1, 1, 1))) ** 2).sum(0)
        values = values + 8 * np.exp(-squares / 12)
    if np.issubdtype(np.dtype(dtype), np.integer):
        values = np.round(values * 20)
    return values.astype(dtype)


def cut(ct: np.ndarray, pet: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both arrays on the grid they share when neither has a geometry."""
    pair = chain.resampled_pair(*(sitk.GetImageFromArray(v) for v in (ct, pet)))
    return tuple(sitk.GetArrayFromImage(v) for v in pair)


def box_of(pet: np.ndarray, wanted) -> tuple[np.ndarray, np.ndarray]:
    wanted = np.array(wanted)
    low = chain.hot_spot_of(pet) - wanted // 2
    end = np.minimum(low + wanted, pet.shape)
    return np.maximum(end - wanted, 0), end


def scaled_2(values: np.ndarray) -> np.ndarray:
    return np.asarray(ScaleIntensity()(values[None]))


def scaled_3(values: np.ndarray) -> np.ndarray:
    values = values.astype(np.float32)[None]
    return (values - values.min()) / (values.max() - values.min() + OVER_RANGE_EPSILON)


def network_input(values: np.ndarray, scale) -> np.ndarray:
    return np.asarray(Resize(SIZE)(torch.from_numpy(np.ascontiguousarray(scale(values)))))[0]


def facts_of(rng, golden: GoldenFile, ct: np.ndarray, pet: np.ndarray, box) -> dict:
    common = cut(ct, pet)
    start, end = box_of(common[1], box)
    region = tuple(slice(a, b) for a, b in zip(start, end))
    boxes = [v[region] for v in common]
    facts = {
        "commonSize": [int(n) for n in common[0].shape[::-1]],
        "boxStart": [int(n) for n in start[::-1]],
        "boxSize": [int(n) for n in (end - start)[::-1]],
        "ctBox": digest(boxes[0].astype(np.float32)),
        "petBox": digest(boxes[1].astype(np.float32)),
    }
    for name, scale, images in (
        ("task2", scaled_2, boxes),
        ("task3", scaled_3, boxes),
        ("training", scaled_2, (ct, pet)),
    ):
        tensors = [network_input(v, scale) for v in images]
        facts[name] = {k: sampled(rng, golden, v) for k, v in zip(("ct", "pet"), tensors)}
    return facts


def make() -> None:
    rng = np.random.default_rng(2323)
    golden = GoldenFile("prediction")
    cases = []
    for name, ct_size, ct_type, pet_size, pet_type, box, spot in CASES:
        ct = texture(rng, ct_size, ct_type)
        pet = emission(rng, pet_size, pet_type, spot)
        cases.append({
            "name": name,
            "box": list(box),
            "ct": golden.volume(sitk.GetImageFromArray(ct)),
            "pet": golden.volume(sitk.GetImageFromArray(pet)),
            **facts_of(rng, golden, ct, pet, box),
        })
    golden.write({"cases": cases})


def make_real(data: Path) -> None:
    rng = np.random.default_rng(2324)
    golden = GoldenFile("prediction-real")
    folder = data / "petct" / "STS_002"
    ct, pet = (sitk.GetArrayFromImage(sitk.ReadImage(str(folder / f"{k}_image.nii.gz"))) for k in ("CT", "PET"))
    whole = np.round(ct).astype(np.int16)
    box = (24, 20, 16)
    cases = [
        {"name": "STS_002", "ctType": "float32", "box": list(box), **facts_of(rng, golden, ct, pet, box)},
        {"name": "STS_002", "ctType": "int16", "box": list(box), **facts_of(rng, golden, whole, pet, box)},
    ]
    golden.write({"cases": cases})


if __name__ == "__main__":
    make_real(Path(sys.argv[1]))
