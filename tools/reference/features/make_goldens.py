"""Goldens of libs/features from PyRadiomics, SimpleITK, SciPy and NumPy.

    python tools/reference/features/make_goldens.py ../shared/data

PyRadiomics defines volume, mean and largest uptake and the principal axes; SimpleITK interpolates;
components come from SciPy, percentiles from NumPy; the sphere of 1 mL and the closest voxels are
searched by brute force. The real dose map is measured inside PTV70, which stands for GTVp.
"""

import json
import logging
import sys
from pathlib import Path

import numpy as np
import radiomics
import scipy
import SimpleITK as sitk
from radiomics.firstorder import RadiomicsFirstOrder
from radiomics.shape import RadiomicsShape
from scipy import ndimage
from scipy.spatial.distance import cdist

GOLDEN = Path(__file__).resolve().parents[3] / "libs" / "features" / "golden"
TARGETS = {"GTVp": (1,), "GTVn": (2,), "GTV": (1, 2)}
MIN_LESION = 64
DOSES = (50, 66.5, 70)


def rotation(a: float, b: float) -> np.ndarray:
    x = np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]])
    z = np.array([[np.cos(b), -np.sin(b), 0], [np.sin(b), np.cos(b), 0], [0, 0, 1]])
    return z @ x


IDENTITY = np.eye(3)
OBLIQUE = rotation(0.2, -0.3)

# name, mask grid (size, spacing, origin, direction), PET grid, dose grid, blobs (label, mm, radii)
CASES = [
    ("one-grid", ((30, 28, 20), (2, 2, 3), (0, 0, 0), IDENTITY), "mask", "mask",
     [(1, (25, 24, 25), (10, 8, 9)), (2, (45, 40, 45), (6, 5, 7)), (2, (12, 44, 40), (5, 6, 6)), (2, (50, 8, 8), (2, 2, 2))]),
    ("oblique-one-grid", ((28, 26, 22), (2.1, 1.9, 2.7), (-20, 30, 5), OBLIQUE), "mask", "mask",
     [(1, (22, 25, 25), (11, 7, 8)), (2, (40, 38, 45), (7, 6, 8)), (2, (46, 12, 20), (6, 6, 6))]),
    ("three-grids", ((40, 38, 24), (1.2, 1.2, 2.5), (-24, -20, -30), IDENTITY),
     ((14, 14, 16), (4.1, 4.1, 4.0), (-27, -25, -33), OBLIQUE), ((18, 17, 13), (3, 3, 5), (-22, -22, -20), IDENTITY),
     [(1, (20, 20, 25), (8, 7, 10)), (2, (32, 12, 45), (5, 5, 6)), (2, (10, 33, 12), (4, 5, 5))]),
    ("no-nodes", ((20, 20, 12), (2, 2, 3), (0, 0, 0), IDENTITY), "mask", "mask", [(1, (18, 20, 16), (8, 9, 7))]),
    ("one-voxel-node", ((16, 15, 14), (3, 3, 3), (5, 5, 5), IDENTITY), "mask", "mask",
     [(1, (15, 15, 12), (7, 7, 7)), (2, (36, 33, 30), (1, 1, 1))]),
]  # fmt: skip


def image_of(values: np.ndarray, grid) -> sitk.Image:
    """An image from an array in z, y, x order."""
    _, spacing, origin, direction = grid
    image = sitk.GetImageFromArray(values)
    image.SetSpacing([float(v) for v in spacing])
    image.SetOrigin([float(v) for v in origin])
    image.SetDirection([float(v) for v in np.ravel(direction)])
    return image


def positions(size, spacing) -> np.ndarray:
    nx, ny, nz = size
    z, y, x = np.meshgrid(np.arange(nz), np.arange(ny), np.arange(nx), indexing="ij")
    return np.stack([x, y, z], -1) * np.array(spacing)


def world_of(grid, indices_xyz: np.ndarray) -> np.ndarray:
    _, spacing, origin, direction = grid
    return (np.array(direction) @ (indices_xyz * np.array(spacing)).T).T + np.array(origin)


def mask_of(rng, grid, blobs) -> np.ndarray:
    size, spacing, *_ = grid
    mask = np.zeros(size[::-1], np.uint8)
    at = positions(size, spacing)
    for label, centre, radii in blobs:
        distance = (((at - centre) / radii) ** 2).sum(-1)
        mask[distance + rng.uniform(-0.15, 0.15, mask.shape) < 1] = label
    return mask


def smooth(rng, grid, low: float, high: float) -> np.ndarray:
    values = ndimage.gaussian_filter(rng.random(grid[0][::-1]), 1.2)
    values = (values - values.min()) / (values.max() - values.min())
    return (low + (high - low) * values).astype(np.float32)


def on_mask(image: sitk.Image, mask: sitk.Image) -> np.ndarray:
    moved = sitk.Resample(image, mask, sitk.Transform(), sitk.sitkLinear, -1e9, sitk.sitkFloat64)
    values = sitk.GetArrayFromImage(moved)
    return np.where(values < -1e8, np.nan, values)


def peak(pet: np.ndarray, pet_grid, centres: np.ndarray) -> float:
    radius = (3000 / (4 * np.pi)) ** (1 / 3)
    voxels = np.argwhere(np.ones_like(pet, bool))
    world = world_of(pet_grid, voxels[:, ::-1])
    values = pet.astype(np.float64).ravel()
    best = -np.inf
    for part in np.array_split(centres, max(len(centres) // 200, 1)):
        inside = cdist(part, world) <= radius * (1 + 1e-12)
        counts = inside.sum(1)
        sums = inside @ values
        best = max(best, (sums[counts > 0] / counts[counts > 0]).max(initial=-np.inf))
    return float(best)


def centroids_of(region: np.ndarray, grid) -> np.ndarray:
    numbered, count = ndimage.label(region, np.ones((3, 3, 3)))
    each = float(np.prod(grid[1]))
    keep = [i for i in range(1, count + 1) if (numbered == i).sum() * each >= MIN_LESION - 1e-6]
    if not keep:
        return np.zeros((0, 3))
    return world_of(grid, np.array(ndimage.center_of_mass(region, numbered, keep))[:, ::-1])


def features_of(mask: np.ndarray, grid, pet: np.ndarray, pet_grid) -> dict:
    each = float(np.prod(grid[1])) / 1000
    mask_image = image_of(mask, grid)
    suv = on_mask(image_of(pet, pet_grid), mask_image)
    facts = {}
    for target, labels in TARGETS.items():
        region = np.isin(mask, labels)
        name = f"mask.{target}."
        if not region.any():
            facts |= {name + key: 0 for key in ("volume", "count", "MTV", "TLG")}
            continue
        here = image_of(region.astype(np.uint8), grid)
        uptake = image_of(np.nan_to_num(suv), grid)
        covered = suv[region & ~np.isnan(suv)]
        shape = RadiomicsShape(uptake, here, label=1)
        facts[name + "volume"] = shape.getVoxelVolumeFeatureValue() / 1000
        if region.sum() > 1:
            facts[name + "majorAxis"] = float(shape.getMajorAxisLengthFeatureValue())
            facts[name + "elongation"] = float(shape.getElongationFeatureValue())
            facts[name + "flatness"] = float(shape.getFlatnessFeatureValue())
        box = np.argwhere(region)
        sides = (np.ptp(box, axis=0) + 1)[::-1] * np.array(grid[1])
        facts |= {f"{name}extent{axis}": float(mm) for axis, mm in zip("XYZ", sides)}
        known = image_of((region & ~np.isnan(suv)).astype(np.uint8), grid)
        first = RadiomicsFirstOrder(uptake, known, label=1)
        first._initCalculation()
        facts[name + "SUVmax"] = float(np.ravel(first.getMaximumFeatureValue())[0])
        facts[name + "SUVmean"] = float(np.ravel(first.getMeanFeatureValue())[0])
        facts[name + "SUVpeak"] = peak(pet, pet_grid, world_of(grid, np.argwhere(region)[:, ::-1]))
        facts[name + "MTV"] = len(covered) * each
        facts[name + "TLG"] = float(covered.sum() * each)
        for key, limit in (("MTV41%", 0.41 * covered.max()), ("MTV2.5", 2.5), ("MTV4", 4)):
            facts[name + key] = float((covered >= limit).sum() * each)
        lesions = centroids_of(region, grid)
        facts[name + "count"] = len(lesions)
        if len(lesions):
            facts[name + "spread"] = float(cdist(lesions, lesions).max())
    facts |= node_facts(mask, grid)
    primary, nodes = (world_of(grid, np.argwhere(mask == label)[:, ::-1]) for label in (1, 2))
    if len(primary) and len(nodes):
        facts["mask.distance.nearest"] = float(cdist(primary, nodes).min())
        lesions = centroids_of(mask == 2, grid)
        if len(lesions):
            facts["mask.distance.farthest"] = float(cdist(primary.mean(0)[None], lesions).max())
    return facts


def node_facts(mask: np.ndarray, grid) -> dict:
    """Sides by the middle of the grid, and bands of distance from the primary."""
    nodes = centroids_of(mask == 2, grid)
    middle = world_of(grid, (np.array([grid[0]]) - 1) / 2)[0, 0]
    left = int((nodes[:, 0] > middle).sum())
    right = len(nodes) - left
    facts = {"left": left, "right": right, "bilateral": int(left > 0 and right > 0)}
    if len(nodes) > 1:
        apart = cdist(nodes, nodes)
        facts["closest"] = float(apart[apart > 0].min())
    primary = world_of(grid, np.argwhere(mask == 1)[:, ::-1]).mean(0)
    away = cdist(primary[None], nodes)[0]
    facts["contralateral"] = right if primary[0] > middle else left
    for name, low, high in (("near", 0, 30), ("middle", 30, 60), ("far", 60, np.inf)):
        facts[name] = int(((away >= low) & (away < high)).sum())
    facts = {f"mask.GTVn.{name}": value for name, value in facts.items()}
    if len(nodes):
        facts |= {"mask.distance.mean": float(away.mean()), "mask.distance.lowest": float(primary[2] - nodes[:, 2].min())}
    return facts


def dose_of(mask: np.ndarray, grid, dose: np.ndarray, dose_grid) -> dict:
    gray = on_mask(image_of(dose, dose_grid), image_of(mask, grid))
    facts = {}
    for target, labels in TARGETS.items():
        values = gray[np.isin(mask, labels)]
        if np.isnan(values).all():
            continue
        values = np.nan_to_num(values)
        name = f"dose.{target}."
        facts[name + "mean"] = float(values.mean())
        facts[name + "max"] = float(values.max())
        facts[name + "D95"] = float(np.percentile(values, 5))
        facts |= {f"{name}V{d:g}": float((values >= d).mean()) for d in DOSES}
    return facts


def real_dose(folder: Path) -> dict:
    """Mean, D95 and volumes of the real dose inside each structure, voxel by voxel."""

    def column(name: str) -> list[str]:
        return (folder / f"{name}.csv").read_text().split()[1:]

    dose = np.zeros(128**3, np.float32)
    rows = np.array([row.split(",") for row in column("dose")], np.float64)
    dose[rows[:, 0].astype(int)] = rows[:, 1]
    facts = {}
    for structure in ("PTV70", "PTV63", "Brainstem"):
        at = np.array([int(float(row.rstrip(","))) for row in column(structure)])
        values = dose[at].astype(np.float64)
        facts[structure] = {
            "voxels": len(at),
            "mean": float(values.mean()),
            "max": float(values.max()),
            "D95": float(np.percentile(values, 5)),
            **{f"V{d:g}": float((values >= d).mean()) for d in DOSES},
        }
    return facts


def stored(chunks: list[bytes], values: np.ndarray, grid) -> dict:
    offset = sum(len(chunk) for chunk in chunks)
    raw = np.ascontiguousarray(values).tobytes()
    chunks.append(raw + bytes(-len(raw) % 8))
    size, spacing, origin, direction = grid
    return {
        "size": list(size), "spacing": list(spacing), "origin": list(origin),
        "direction": [float(v) for v in np.ravel(direction)],
        "type": values.dtype.name, "offset": offset, "count": int(values.size),
    }  # fmt: skip


def make(data: Path) -> None:
    logging.getLogger("radiomics").setLevel(logging.ERROR)
    rng = np.random.default_rng(404)
    chunks: list[bytes] = []
    cases = []
    for name, grid, pet_grid, dose_grid, blobs in CASES:
        pet_grid, dose_grid = (grid if g == "mask" else g for g in (pet_grid, dose_grid))
        mask = mask_of(rng, grid, blobs)
        pet = smooth(rng, pet_grid, 0.5, 14)
        dose = smooth(rng, dose_grid, 30, 76)
        cases.append({
            "name": name,
            "labels": stored(chunks, mask, grid),
            "pet": stored(chunks, pet, pet_grid),
            "dose": stored(chunks, dose, dose_grid),
            "mask": features_of(mask, grid, pet, pet_grid),
            "inDose": dose_of(mask, grid, dose, dose_grid),
        })
    versions = {"pyradiomics": radiomics.__version__, "SimpleITK": sitk.Version_VersionString(),
                "numpy": np.__version__, "scipy": scipy.__version__}  # fmt: skip
    facts = {"versions": versions, "minLesion": MIN_LESION, "doses": list(DOSES), "cases": cases,
             "realDose": real_dose(data / "hn-dose" / "pt_275")}  # fmt: skip
    GOLDEN.mkdir(parents=True, exist_ok=True)
    (GOLDEN / "features.json").write_text(json.dumps(facts, indent=1) + "\n")
    (GOLDEN / "features.bin").write_bytes(b"".join(chunks))


if __name__ == "__main__":
    make(Path(sys.argv[1]))
