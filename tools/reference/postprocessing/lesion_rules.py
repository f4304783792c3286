"""Golden answers of the rules about lesions, by SciPy and scikit-image.

Writes libs/postprocessing/golden/lesions.json: label maps of blobs as strings of digits (x fastest) on
voxels that are not cubes, and what merging, the largest diameter and the distance to the primary
make of them.

    python tools/reference/postprocessing/lesion_rules.py
"""

import json
from pathlib import Path

import numpy as np
import scipy
import skimage
from scipy.ndimage import distance_transform_edt, gaussian_filter
from scipy.spatial.distance import pdist
from skimage.measure import label

GOLDEN = Path(__file__).resolve().parents[3] / "libs" / "postprocessing" / "golden"
SEED = 20261128


def blobs(rng: np.random.Generator, shape: tuple[int, ...], share: float) -> np.ndarray:
    """Labels 0, 1 and 2 in smooth blobs, some of which touch the border."""
    noise = [gaussian_filter(rng.standard_normal(shape), 1.2) for _ in range(2)]
    labels = np.zeros(shape, np.uint8)
    for value, field in zip((2, 1), noise, strict=True):
        labels[field > np.quantile(field, 1 - share)] = value
    return labels


def text(labels: np.ndarray) -> str:
    return "".join(str(value) for value in labels.ravel())


def merged(labels: np.ndarray, value: int, limit: float, spacing) -> np.ndarray:
    out = labels.copy()
    parts = label(labels == value, connectivity=3)
    detour = np.linalg.norm(spacing)
    maps = [
        distance_transform_edt(parts != n, sampling=spacing) for n in range(1, parts.max() + 1)
    ]
    for one, own in enumerate(maps):
        for other in range(one + 1, len(maps)):
            distance = own[parts == other + 1].min()
            if distance <= limit:
                way = own + maps[other] <= distance + detour
                out[way & (labels == 0)] = value
    return out


def diameter(mask: np.ndarray, spacing) -> float:
    """The largest distance of two corners of voxels."""
    at = np.argwhere(mask)
    corners = np.unique(
        np.concatenate([at + offset for offset in np.ndindex(2, 2, 2)]), axis=0
    ) * np.asarray(spacing)
    return float(pdist(corners).max())


def relabelled(labels, value, reference, to, within, beyond, spacing) -> np.ndarray:
    out = labels.copy()
    parts = label(labels == reference, connectivity=3)
    if parts.max() == 0:
        return out
    sizes = np.bincount(parts.ravel())[1:]
    primary = parts == sizes.argmax() + 1
    distance = distance_transform_edt(~primary, sampling=spacing)
    components = label(labels == value, connectivity=3)
    for number in range(1, components.max() + 1):
        part = components == number
        if value == reference and primary[part].any():
            continue
        if beyond < distance[part].min() <= within:
            out[part] = to
    return out


def main() -> None:
    rng = np.random.default_rng(SEED)
    cases = []
    for shape, spacing in [
        ((9, 16, 18), (3.0, 0.98, 0.98)),
        ((12, 13, 11), (1.0, 1.0, 1.0)),
        ((7, 10, 22), (2.5, 2.0, 1.2)),
        ((1, 14, 15), (3.0, 1.0, 1.5)),
    ]:
        for share in (0.04, 0.12):
            labels = blobs(rng, shape, share)
            largest = []
            for value in (1, 2):
                parts = label(labels == value, connectivity=3)
                largest += [
                    [value, n, diameter(parts == n, spacing)] for n in range(1, parts.max() + 1)
                ]
            distance = float(rng.uniform(2.0, 9.0))
            cases.append({
                "size": shape[::-1], "spacing": spacing[::-1], "labels": text(labels),
                "diameters": largest, "distance": distance,
                "merged": text(merged(labels, 2, distance, spacing)),
                "within": text(relabelled(labels, 2, 1, 1, distance, -1, spacing)),
                "beyond": text(relabelled(labels, 1, 1, 2, np.inf, distance, spacing)),
            })
    versions = {"scipy": scipy.__version__, "scikit-image": skimage.__version__}
    file = GOLDEN / "lesions.json"
    file.write_text(json.dumps({"versions": versions, "cases": cases}) + "\n")


if __name__ == "__main__":
    main()
