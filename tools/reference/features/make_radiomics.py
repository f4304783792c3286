"""Goldens of the radiomics in libs/features from PyRadiomics 3.0.1.

    python tools/reference/features/make_radiomics.py ../shared/data

Random masks of all sorts (blobs, hollow ones, single voxels, lines, planes, dust) on random images,
a phantom through many settings, the two real pairs with their contours, and the digital phantom of
the Image Biomarker Standardisation Initiative. What PyRadiomics refuses is `null`.
"""

import json
import logging
import sys
from pathlib import Path

import numpy as np
import pywt
import radiomics
import SimpleITK as sitk
from radiomics.featureextractor import RadiomicsFeatureExtractor
from scipy import ndimage

GOLDEN = Path(__file__).resolve().parents[3] / "libs" / "features" / "golden"
ALL = dict.fromkeys(["shape", "firstorder", "glcm", "glrlm", "glszm", "gldm", "ngtdm"], [])
TEXTURES = {name: [] for name in ALL if name != "shape"}

VALUES = {"Square": {}, "SquareRoot": {}, "Logarithm": {}, "Exponential": {}}

# name, settings, kinds of images, classes of features
SETTINGS = [
    ("defaults", {}, {}, ALL),
    ("bin-count", {"binCount": 16}, {}, ALL),
    ("narrow-bins", {"binWidth": 0.1}, {}, TEXTURES),
    ("1mm", {"binWidth": 0.5, "resampledPixelSpacing": [1, 1, 1]}, {}, ALL),
    ("3mm-linear", {"binWidth": 0.5, "resampledPixelSpacing": [3, 3, 3], "interpolator": "sitkLinear"}, {}, ALL),
    ("in-plane", {"binWidth": 0.5, "resampledPixelSpacing": [1.5, 1.5, 0], "interpolator": "sitkNearestNeighbor"}, {}, ALL),
    ("same-spacing", {"binWidth": 0.5, "resampledPixelSpacing": [2, 2, 3]}, {}, ALL),
    ("normalised", {"binWidth": 5, "normalize": True, "normalizeScale": 100, "removeOutliers": 1.5}, {}, TEXTURES),
    ("normalised-2mm", {"binWidth": 0.3, "normalize": True, "resampledPixelSpacing": [2, 2, 2]}, {}, TEXTURES),
    ("above", {"binWidth": 0.5, "resegmentRange": [4.1]}, {}, ALL),
    ("relative", {"binWidth": 0.5, "resegmentRange": [0.41, 0.93], "resegmentMode": "relative", "resegmentShape": True}, {}, ALL),
    ("sigma", {"binWidth": 0.5, "resegmentRange": [-1, 1.5], "resegmentMode": "sigma"}, {}, ALL),
    ("distances", {"binWidth": 1, "distances": [1, 3], "gldm_a": 1, "voxelArrayShift": 1000}, {}, TEXTURES),
    ("slices", {"binWidth": 1, "force2D": True}, {}, TEXTURES),
    ("columns", {"binWidth": 1, "force2D": True, "force2Ddimension": 1}, {}, TEXTURES),
    ("asymmetric", {"binWidth": 1, "symmetricalGLCM": False}, {}, {"glcm": []}),
    *((f"norm-{norm}", {"binWidth": 1, "weightingNorm": norm}, {}, {"glcm": [], "glrlm": []})
      for norm in ("euclidean", "manhattan", "infinity", "no_weighting")),
    ("too-small", {"minimumROISize": 100000}, {}, ALL),
    ("by-name", {"binWidth": 1}, {}, {"shape": ["Compactness1", "Compactness2", "SphericalDisproportion", "Sphericity"],
                                     "firstorder": ["StandardDeviation"], "glcm": ["MCC", "SumVariance"]}),
    ("log", {"binWidth": 0.5}, {"LoG": {"sigma": [1.0, 2.5]}}, {"firstorder": [], "glcm": []}),
    ("log-2mm", {"binWidth": 0.5, "resampledPixelSpacing": [2, 2, 2]},
     {"Original": {}, "LoG": {"sigma": [3.0], "binWidth": 0.2}}, {"firstorder": [], "glrlm": []}),
    ("wavelet", {"binWidth": 0.5}, {"Wavelet": {}}, {"firstorder": [], "glszm": []}),
    ("wavelet-levels", {"binWidth": 0.5, "preCrop": True, "padDistance": 2},
     {"Wavelet": {"wavelet": "db2", "level": 2, "start_level": 1}}, {"firstorder": []}),
    ("values", {"binWidth": 0.5}, VALUES, {"firstorder": [], "glcm": ["Contrast"]}),
    ("gradient", {"binWidth": 0.5}, {"Gradient": {}}, {"firstorder": [], "glrlm": []}),
    ("values-2mm", {"binWidth": 0.5, "resampledPixelSpacing": [2, 2, 2], "padDistance": 1},
     VALUES | {"Gradient": {"gradientUseSpacing": False}}, {"firstorder": []}),
    ("wavelet-slices", {"binWidth": 0.5, "force2D": True}, {"Wavelet": {"wavelet": "haar"}}, {"firstorder": []}),
]  # fmt: skip

INTEGERS = ["defaults", "bin-count", "1mm", "3mm-linear", "normalised", "sigma", "log", "wavelet", "values", "gradient"]


def image_of(values: np.ndarray, spacing, origin=(0, 0, 0), direction=np.eye(3)) -> sitk.Image:
    image = sitk.GetImageFromArray(values)
    image.SetSpacing([float(v) for v in spacing])
    image.SetOrigin([float(v) for v in origin])
    image.SetDirection([float(v) for v in np.ravel(direction)])
    return image


def features_of(image: sitk.Image, mask: sitk.Image, params: dict) -> dict | None:
    try:
        found = RadiomicsFeatureExtractor(json.loads(json.dumps(params))).execute(image, mask)
    except (ValueError, RuntimeError) as error:
        print("  refused:", error)
        return None
    values = {name: float(np.real(value)) for name, value in found.items() if not name.startswith("diagnostics")}
    return {name: float(f"{value:.12g}") for name, value in values.items() if np.isfinite(value)}


def smooth(rng, shape, low: float, high: float, sigma=1.2) -> np.ndarray:
    values = ndimage.gaussian_filter(rng.random(shape), sigma)
    values = (values - values.min()) / (values.max() - values.min())
    return low + (high - low) * values


def ellipsoid(shape, centre, radii) -> np.ndarray:
    axes = np.meshgrid(*(np.arange(n) for n in shape), indexing="ij")
    return sum(((a - c) / r) ** 2 for a, c, r in zip(axes, centre, radii)) < 1


def random_mask(rng, shape, kind: int) -> np.ndarray:
    """z, y, x; every fifth of one sort."""
    mask = np.zeros(shape, bool)
    middle = [n / 2 for n in shape]
    match kind:
        case 0:
            mask |= ellipsoid(shape, middle, [rng.uniform(2, n / 2.2) for n in shape])
        case 1:
            outer = [n / 2.1 for n in shape]
            mask |= ellipsoid(shape, middle, outer) & ~ellipsoid(shape, middle, [r / 1.8 for r in outer])
        case 2:
            mask |= rng.random(shape) < 0.15
        case 3:
            mask |= smooth(rng, shape, 0, 1) > 0.55
        case 4:
            mask[tuple(rng.integers(0, n) for n in shape)] = True
        case 5:
            mask[shape[0] // 2] = rng.random(shape[1:]) < 0.6
        case 6:
            mask[2, 3, 1:9:2] = True
            mask[4, 3, 1:4] = True
    return mask


def stored(chunks: list[bytes], values: np.ndarray) -> dict:
    offset = sum(len(chunk) for chunk in chunks)
    raw = np.ascontiguousarray(values).tobytes()
    chunks.append(raw + bytes(-len(raw) % 8))
    return {"type": values.dtype.name, "offset": offset, "count": int(values.size)}


def case(kept, name, values, mask, spacing, params, *, origin=(0, 0, 0), direction=np.eye(3)) -> dict:
    print(name)
    grid = {"spacing": list(spacing), "origin": list(origin), "direction": [float(v) for v in np.ravel(direction)]}
    image = image_of(values, **grid)
    segment = image_of(mask.astype(np.uint8), **grid)
    return {
        "name": name, "size": list(values.shape[::-1]), **grid,
        "image": kept[0], "mask": kept[1], "params": params,
        "features": features_of(image, segment, params),
    }  # fmt: skip


def random_cases(chunks) -> list[dict]:
    rng = np.random.default_rng(114)
    cases = []
    for i in range(21):
        shape = tuple(int(n) for n in rng.integers([7, 9, 10], [12, 14, 15]))
        mask = random_mask(rng, shape, i % 7)
        spacing = [round(float(v), 3) for v in rng.uniform(0.7, 4, 3)]
        integer = i % 3 == 0
        values = smooth(rng, shape, -200, 300, 0.7).astype(np.int16) if integer else smooth(rng, shape, 0, 14).astype(np.float32)
        setting = {"binWidth": 25 if integer else 0.7, "minimumROIDimensions": 1}
        kept = stored(chunks, values), stored(chunks, mask.astype(np.uint8))
        cases.append(case(kept, f"random {i}", values, mask, spacing, {"setting": setting, "featureClass": ALL}))
    return cases


def phantom_cases(chunks) -> list[dict]:
    rng = np.random.default_rng(7)
    shape = (17, 22, 19)
    values = smooth(rng, shape, 0, 12).astype(np.float32)
    mask = smooth(rng, shape, 0, 1, 2) > 0.52
    a = 0.3
    turned = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]])
    where = {"origin": (-20.5, 13.25, 4), "direction": turned}
    images = {
        "phantom": (values, (2, 2, 3), [name for name, *_ in SETTINGS], where),
        "integers": (smooth(rng, shape, -100, 200, 0.8).astype(np.int16), (0.98, 0.98, 3), INTEGERS, {}),
    }
    cases = []
    for title, (voxels, spacing, names, place) in images.items():
        kept = stored(chunks, voxels), stored(chunks, mask.astype(np.uint8))
        for name, setting, kinds, classes in SETTINGS:
            if name not in names:
                continue
            if title == "integers":
                setting = setting | {"binWidth": 20}
            params = {"setting": setting, "imageType": kinds or {"Original": {}}, "featureClass": classes}
            cases.append(case(kept, f"{title} {name}", voxels, mask, spacing, params, **place))
    return cases


REAL = {
    "CT": {"setting": {"binWidth": 25}, "featureClass": ALL},
    "PET": {"setting": {"binWidth": 0.5}, "featureClass": ALL},
    "CT 2mm": {"setting": {"binWidth": 25, "resampledPixelSpacing": [2, 2, 2]}, "featureClass": ALL},
    "PET of the CT's mask": {"setting": {"binWidth": 0.5, "correctMask": True}, "featureClass": ALL},
    "PET 1mm": {"setting": {"binWidth": 0.25, "resampledPixelSpacing": [1, 1, 1]}, "featureClass": ALL},
    "PET 2mm filters": {"setting": {"binWidth": 0.25, "resampledPixelSpacing": [2, 2, 2]},
                        "imageType": {"LoG": {"sigma": [2.0]}, "Wavelet": {}}, "featureClass": {"firstorder": [], "gldm": []}},
    "CT filters": {"setting": {"binWidth": 25}, "imageType": {"LoG": {"sigma": [3.0]}, "Wavelet": {}},
                   "featureClass": {"firstorder": [], "glszm": []}},
    "CT values": {"setting": {"binWidth": 25}, "imageType": VALUES | {"Gradient": {}}, "featureClass": {"firstorder": []}},
    "PET 2mm values": {"setting": {"binWidth": 0.25, "resampledPixelSpacing": [2, 2, 2]},
                       "imageType": VALUES | {"Gradient": {}}, "featureClass": {"firstorder": [], "gldm": []}},
}  # fmt: skip


def grid_of(image: sitk.Image) -> dict:
    return {key: list(getattr(image, f"Get{key.title()}")()) for key in ("size", "spacing", "origin", "direction")}


def real_cases(data: Path) -> list[dict]:
    """The contoured tumours: files are named, not stored."""
    cases = []
    for patient in ("STS_002", "STS_008"):
        folder = data / "petct" / patient
        for name, params in REAL.items():
            kind = name.split()[0]
            drawn = "CT" if "mask" in name else kind
            image, mask = (sitk.ReadImage(str(folder / file)) for file in (f"{kind}_image.nii.gz", f"{drawn}_mask.nii.gz"))
            drawing = sitk.ReadImage(str(folder / f"{drawn}_image.nii.gz"))
            print(patient, name)
            mask = sitk.Cast(mask > 0, sitk.sitkUInt8)
            mask.CopyInformation(drawing)
            cases.append({"name": f"{patient} {name}", "patient": patient, "kind": kind, "drawn": drawn,
                          "image": grid_of(image), "mask": grid_of(mask),
                          "params": params, "features": features_of(image, mask, params)})  # fmt: skip
    return cases


def make(data: Path) -> None:
    logging.getLogger("radiomics").setLevel(logging.CRITICAL)
    chunks: list[bytes] = []
    cases = random_cases(chunks) + phantom_cases(chunks)
    versions = {"pyradiomics": radiomics.__version__, "SimpleITK": sitk.Version_VersionString(),
                "numpy": np.__version__, "pywavelets": pywt.__version__}  # fmt: skip
    facts = {"versions": versions, "cases": cases, "real": real_cases(data)}
    (GOLDEN / "radiomics.json").write_text(json.dumps(facts, indent=1) + "\n")
    (GOLDEN / "radiomics.bin").write_bytes(b"".join(chunks))


if __name__ == "__main__":
    make(Path(sys.argv[1]))
