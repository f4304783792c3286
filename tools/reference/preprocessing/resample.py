"""ResampleImageFilter with the identity transform, over types, directions and short axes."""

import numpy as np
import SimpleITK as sitk

from golden_file import GoldenFile, grid

INTERPOLATORS = {
    "bspline": sitk.sitkBSpline,
    "linear": sitk.sitkLinear,
    "nearest": sitk.sitkNearestNeighbor,
}

IDENTITY = (1, 0, 0, 0, 1, 0, 0, 0, 1)
FLIPPED = (-1, 0, 0, 0, 1, 0, 0, 0, -1)
PERMUTED = (0, 0, 1, 1, 0, 0, 0, -1, 0)


def rotation(degrees_x: float, degrees_z: float) -> tuple[float, ...]:
    a, b = np.deg2rad(degrees_x), np.deg2rad(degrees_z)
    about_x = np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]])
    about_z = np.array([[np.cos(b), -np.sin(b), 0], [np.sin(b), np.cos(b), 0], [0, 0, 1]])
    return tuple(float(v) for v in (about_z @ about_x).ravel())


OBLIQUE = rotation(11.0, -17.0)


def texture(rng: np.random.Generator, size, dtype: str) -> np.ndarray:
    """Waves plus noise in HU-like units, in z, y, x order."""
    nx, ny, nz = size
    z, y, x = np.meshgrid(np.arange(nz), np.arange(ny), np.arange(nx), indexing="ij")
    waves = 500 * np.sin(0.7 * x + 0.3) * np.cos(0.5 * y) + 300 * np.sin(0.4 * z + 0.1 * x)
    values = waves + 200 * rng.standard_normal(waves.shape)
    if dtype == "uint8":
        values = values / 8 + 128
    if dtype == "uint16":
        values = values * 20 + 20000
    if np.issubdtype(np.dtype(dtype), np.integer):
        limits = np.iinfo(dtype)
        values = np.clip(np.round(values), limits.min, limits.max)
    return values.astype(dtype)


def image(values, spacing, origin, direction) -> sitk.Image:
    result = sitk.GetImageFromArray(values)
    result.SetSpacing([float(s) for s in spacing])
    result.SetOrigin([float(o) for o in origin])
    result.SetDirection([float(d) for d in direction])
    return result


# name, type, source (size, spacing, origin, direction), target (the same), interpolation, outside
CASES = [
    ("float-inside", "float32", ((23, 21, 9), (0.98, 0.98, 3), (-10, -9, -12), IDENTITY),
     ((18, 17, 22), (1, 1, 1), (-9, -8.5, -11), IDENTITY), "bspline", 0),
    ("float-reaches-out", "float32", ((12, 11, 8), (1.3, 1.1, 2.7), (3, -2, 5), IDENTITY),
     ((19, 14, 24), (1, 1, 1), (1.2, -3.4, 3.1), IDENTITY), "bspline", -1000),
    ("double", "float64", ((11, 10, 9), (1, 1.5, 2), (0, 0, 0), IDENTITY),
     ((14, 9, 11), (0.8, 1.7, 1.6), (-0.3, 0.4, 0.5), IDENTITY), "bspline", 0),
    ("int16", "int16", ((21, 19, 10), (0.9765625, 0.9765625, 3.27), (-10, 4, -7), IDENTITY),
     ((16, 15, 20), (1, 1, 1), (-9, 5, -6), IDENTITY), "bspline", 0),
    ("int16-outside", "int16", ((9, 8, 7), (2, 2, 3), (0, 0, 0), IDENTITY),
     ((14, 12, 16), (1.5, 1.6, 1.7), (-3, -2, -4), IDENTITY), "bspline", -1000),
    ("uint8-saturates", "uint8", ((14, 12, 9), (1.2, 1.2, 1.9), (1, 1, 1), IDENTITY),
     ((15, 13, 14), (1, 1, 1), (1.3, 1.4, 1.5), IDENTITY), "bspline", 7),
    ("uint16", "uint16", ((10, 12, 8), (1.7, 1.2, 2.2), (0, 0, 0), IDENTITY),
     ((14, 12, 15), (1, 1, 1), (0.5, 0.6, 0.7), IDENTITY), "bspline", 0),
    ("flipped", "float32", ((15, 13, 8), (1.1, 1.2, 2.5), (10, -6, 9), FLIPPED),
     ((14, 14, 17), (1, 1, 1), (-4, -6, -8), IDENTITY), "bspline", 0),
    ("permuted", "float32", ((11, 14, 9), (1.4, 1.1, 1.9), (2, -3, 12), PERMUTED),
     ((12, 11, 13), (1, 1, 1), (3, -2, -1), IDENTITY), "bspline", 0),
    ("oblique", "float32", ((15, 14, 9), (1.2, 1.1, 2.4), (-4, -5, -6), OBLIQUE),
     ((15, 15, 15), (1, 1, 1), (-5, -4, -6), IDENTITY), "bspline", -3),
    ("oblique-int16", "int16", ((13, 12, 9), (1.3, 1.2, 2.1), (-4, -5, -6), OBLIQUE),
     ((13, 13, 13), (1, 1, 1), (-5, -4, -6), IDENTITY), "bspline", 0),
    ("oblique-target", "float32", ((14, 14, 12), (1, 1, 1.5), (0, 0, 0), IDENTITY),
     ((10, 11, 9), (1.2, 1.1, 1.3), (3, 1, 2), OBLIQUE), "bspline", 0),
    ("axis-of-1", "float32", ((9, 1, 6), (1.1, 4, 2), (0, 0, 0), IDENTITY),
     ((10, 7, 11), (1, 1, 1), (-0.4, -3, -0.7), IDENTITY), "bspline", 1),
    ("axis-of-2", "float32", ((10, 9, 2), (1.1, 1.2, 5), (0, 0, 0), IDENTITY),
     ((11, 10, 8), (0.9, 1, 0.9), (0.2, 0.1, -2.4), IDENTITY), "bspline", 1),
    ("axis-of-3", "float32", ((3, 10, 3), (2.1, 1.2, 4), (0, 0, 0), IDENTITY),
     ((7, 10, 13), (1, 1, 1), (-1.4, 0.1, -2.4), IDENTITY), "bspline", 1),
    ("axes-at-the-horizon", "float32", ((17, 18, 19), (1, 1, 1), (0, 0, 0), IDENTITY),
     ((14, 14, 14), (1.3, 1.3, 1.4), (-0.4, -0.3, -0.2), IDENTITY), "bspline", 0),
    ("long-axis", "float32", ((150, 6, 5), (1, 1, 1), (0, 0, 0), IDENTITY),
     ((190, 6, 5), (0.8, 0.9, 0.9), (-0.3, 0, 0), IDENTITY), "bspline", 0),
    ("long-z", "float32", ((6, 5, 150), (1, 1, 1), (0, 0, 0), IDENTITY),
     ((6, 5, 140), (0.9, 0.9, 1.07), (-0.3, 0, 0), IDENTITY), "bspline", 0),
    ("integer-positions", "float32", ((12, 11, 10), (1, 1, 1), (0, 0, 0), IDENTITY),
     ((12, 11, 10), (1, 1, 1), (0, 0, 0), IDENTITY), "bspline", 0),
    ("misses", "float32", ((5, 5, 5), (1, 1, 1), (100, 0, 0), IDENTITY),
     ((4, 4, 4), (1, 1, 1), (0, 0, 0), IDENTITY), "bspline", 5),
    ("linear", "float32", ((12, 10, 7), (1.2, 1.1, 2.5), (0, 0, 0), IDENTITY),
     ((17, 14, 20), (1, 1, 1), (-1.3, -1.2, -1.6), IDENTITY), "linear", -1),
    ("linear-int16-flipped", "int16", ((12, 10, 7), (1.2, 1.1, 2.5), (12, 0, 15), FLIPPED),
     ((15, 12, 16), (1, 1, 1), (-1, -0.5, -1), IDENTITY), "linear", 0),
    ("linear-oblique", "float32", ((13, 12, 9), (1.3, 1.2, 2.1), (-4, -5, -6), OBLIQUE),
     ((12, 12, 12), (1, 1, 1), (-5, -4, -6), IDENTITY), "linear", 0),
    ("linear-axis-of-1", "float32", ((8, 7, 1), (1.1, 1.2, 4), (0, 0, 0), IDENTITY),
     ((9, 8, 5), (1, 1, 1), (-0.5, -0.5, -2.3), IDENTITY), "linear", 2),
    ("nearest", "int16", ((12, 10, 7), (1.2, 1.1, 2.5), (0, 0, 0), IDENTITY),
     ((17, 14, 20), (1, 1, 1), (-1.3, -1.2, -1.6), IDENTITY), "nearest", -1),
    ("nearest-ties", "uint8", ((12, 10, 7), (1, 1, 1), (0, 0, 0), IDENTITY),
     ((26, 22, 15), (0.5, 0.5, 0.5), (-0.5, -0.5, -0.5), IDENTITY), "nearest", 9),
    ("nearest-ties-ct", "uint8", ((70, 3, 3), (1, 1, 1), (-249.51171875, 0, 0), IDENTITY),
     ((70, 3, 3), (0.9765625, 1, 1), (-249.51171875, 0, 0), IDENTITY), "nearest", 9),
    ("nearest-flipped", "uint8", ((9, 8, 7), (1.4, 1.3, 2), (8, 0, 9), FLIPPED),
     ((12, 12, 14), (1, 1, 1), (-3, -1, -3), IDENTITY), "nearest", 0),
    ("nearest-oblique", "uint8", ((13, 12, 9), (1.3, 1.2, 2.1), (-4, -5, -6), OBLIQUE),
     ((15, 15, 15), (0.93, 1, 1.07), (-5, -4, -6), IDENTITY), "nearest", 3),
]


def resampled(source: sitk.Image, target, interpolation: str, outside: float) -> sitk.Image:
    size, spacing, origin, direction = target
    resampler = sitk.ResampleImageFilter()
    resampler.SetSize(size)
    resampler.SetOutputSpacing([float(s) for s in spacing])
    resampler.SetOutputOrigin([float(o) for o in origin])
    resampler.SetOutputDirection([float(d) for d in direction])
    resampler.SetInterpolator(INTERPOLATORS[interpolation])
    resampler.SetDefaultPixelValue(outside)
    return resampler.Execute(source)


def make() -> None:
    rng = np.random.default_rng(20250)
    golden = GoldenFile("resample")
    cases = []
    for name, dtype, source, target, interpolation, outside in CASES:
        size, spacing, origin, direction = source
        moving = image(texture(rng, size, dtype), spacing, origin, direction)
        fixed = resampled(moving, target, interpolation, outside)
        case = {
            "name": name,
            "interpolation": interpolation,
            "outside": outside,
            "source": golden.volume(moving),
            "expected": golden.volume(fixed),
        }
        if np.issubdtype(np.dtype(dtype), np.integer) and interpolation != "nearest":
            exact = resampled(sitk.Cast(moving, sitk.sitkFloat32), target, interpolation, outside)
            case["beforeTruncation"] = golden.volume(exact)["data"]
        cases.append(case)
    golden.write({"cases": cases, "zeros": zeros(golden)})


def zeros(golden: GoldenFile) -> dict:
    """Few non-zero voxels in a field of zeros: which results are exactly 0?"""
    values = np.zeros((3, 5, 260), np.float32)
    values[1, 2, 4] = 900
    values[1, 1, 5] = -20
    moving = image(values, (1, 1, 1), (0, 0, 0), IDENTITY)
    fixed = resampled(moving, ((200, 3, 3), (1.2, 1, 1), (0, 1, 0.2), IDENTITY), "bspline", 0)
    nonzero = (sitk.GetArrayFromImage(fixed) != 0).astype(np.uint8)
    target = grid(fixed)
    return {
        "source": {**grid(moving), "voxels": [[4, 2, 1, 900], [5, 1, 1, -20]]},
        "target": target,
        "nonzero": golden.array(nonzero),
    }
