"""Random images and grids through ResampleImageFilter: the seed decides all of them.

Sizes from 1 voxel, spacings from 0.2 to 10 mm, all pixel types, every interpolator; grids that
coincide with the image's own, are shifted by parts of a voxel or have nothing to do with it;
identity and oblique directions; noise and pieces of constant value.
"""

import numpy as np
import SimpleITK as sitk

from golden_file import GoldenFile
from resample import IDENTITY, image, resampled, rotation

SEED = 2025
COUNT = 96
TYPES = ("int8", "uint8", "int16", "uint16", "int32", "uint32", "float32", "float64")
MOST = 700
"""Voxels of a source or a result, to keep the files small."""


def make() -> None:
    rng = np.random.default_rng(SEED)
    golden = GoldenFile("resample-random")
    golden.write({"seed": SEED, "cases": [make_case(rng, golden, i) for i in range(COUNT)]})


def make_case(rng: np.random.Generator, golden: GoldenFile, number: int) -> dict:
    dtype = TYPES[number % len(TYPES)]
    interpolation = ("bspline", "bspline", "bspline", "linear", "nearest")[number // len(TYPES) % 5]
    size = draw_size(rng)
    spacing = np.exp(rng.uniform(np.log(0.2), np.log(10), 3))
    if rng.random() < 0.5:
        spacing = np.round(spacing, 1)
    origin = np.round(rng.uniform(-200, 200, 3), 2)
    direction = rotation(*rng.uniform(-20, 20, 2)) if rng.random() < 0.25 else IDENTITY
    source = image(voxels(rng, size, dtype), spacing, origin, direction)
    target, relation = draw_target(rng, source)
    outside = float(rng.integers(0, 100))
    expected = resampled(source, target, interpolation, outside)
    exact = resampled(sitk.Cast(source, sitk.sitkFloat64), target, interpolation, outside)
    return {
        "name": f"{number} {dtype} {interpolation} {relation}" + ("" if direction == IDENTITY else " oblique"),
        "interpolation": interpolation,
        "outside": outside,
        "source": golden.volume(source),
        "expected": golden.volume(expected),
        "undecided": golden.array(undecided(source, expected, exact, (interpolation, direction != IDENTITY))),
    }


def draw_size(rng: np.random.Generator) -> list[int]:
    while True:
        size = [int(n) for n in rng.choice([1, 2, 3, 4, 5, 7, 9, 12, 18, 19, 30, 90], 3)]
        if np.prod(size) <= MOST:
            return size


def voxels(rng: np.random.Generator, size: list[int], dtype: str) -> np.ndarray:
    shape = size[::-1]
    noise = rng.normal(40, 30, shape)
    pieces = np.where(rng.random(shape[:1] + [1, 1]) < 0.5, 100.0, 7.0) * np.ones(shape)
    values = noise if rng.random() < 0.6 else pieces
    if dtype in ("int16", "int32"):
        values = values * 20 - 1024
    if dtype.startswith("float"):
        return values.astype(dtype)
    return np.clip(np.round(values), np.iinfo(dtype).min, np.iinfo(dtype).max).astype(dtype)


def draw_target(rng: np.random.Generator, source: sitk.Image):
    size, spacing = np.array(source.GetSize()), np.array(source.GetSpacing())
    kind = rng.choice(["coincident", "divided", "shifted", "free"])
    if kind == "coincident":
        return (list(source.GetSize()), spacing, source.GetOrigin(), source.GetDirection()), kind
    if kind == "divided":
        parts = rng.choice([1, 2, 3], 3)
        while np.prod(size * parts) > MOST:
            parts = np.maximum(parts - 1, 1) if parts.max() > 1 else np.array([1, 1, 1])
        return ((size * parts).tolist(), spacing / parts, source.GetOrigin(), source.GetDirection()), kind
    if kind == "shifted":
        origin = np.array(source.GetOrigin()) + spacing * rng.uniform(-0.6, 0.6, 3)
        return (list(source.GetSize()), spacing, origin, source.GetDirection()), kind
    new = np.exp(rng.uniform(np.log(0.2), np.log(10), 3))
    count = np.maximum(np.minimum(np.round(size * spacing / new).astype(int), 9), 1)
    centre = np.array(source.TransformContinuousIndexToPhysicalPoint(((size - 1) / 2).tolist()))
    return (count.tolist(), new, centre - new * (count - 1) / 2 * rng.uniform(0.8, 1.2), IDENTITY), kind


def undecided(source: sitk.Image, result: sitk.Image, before_truncation: sitk.Image, how: tuple[str, bool]) -> np.ndarray:
    """What the last bit of ITK's arithmetic decides: 1 any value, 2 one unit more or less, else 0.

    1: past the second voxel's centre of an axis of two ITK reads beyond its memory; along oblique
    axes, whose inverse ITK takes from a singular value decomposition, positions half way between
    voxels may fall either way. 2: integers that are met but for rounding, along oblique axes and by
    ITK's linear interpolation; elsewhere results have to be the very same.
    """
    interpolation, oblique = how
    size = np.array(source.GetSize())
    near = sitk.GetArrayFromImage(before_truncation)
    near = np.abs(near - np.round(near)) < 1e-6
    mask = np.where(near & (oblique or interpolation == "linear"), 2, 0).astype(np.uint8)
    for z, y, x in np.ndindex(mask.shape):
        point = result.TransformIndexToPhysicalPoint((x, y, z))
        index = np.array(source.TransformPhysicalPointToContinuousIndex(point))
        ties = np.abs(index - np.floor(index) - 0.5) < 1e-6
        if interpolation != "nearest":
            ties &= (np.abs(index + 0.5) < 1e-6) | (np.abs(index - size + 0.5) < 1e-6)
        beyond = interpolation == "bspline" and np.any((size == 2) & (index > 1 - 1e-6))
        if beyond or (oblique and np.any(ties)):
            mask[z, y, x] = 1
    return mask


if __name__ == "__main__":
    make()
