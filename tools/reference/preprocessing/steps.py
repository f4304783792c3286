"""Single steps: intensities, foreground, padding, area resize, orientation, components."""

import numpy as np
import SimpleITK as sitk
import torch
from monai.data import MetaTensor
from monai.transforms import (
    CropForeground,
    NormalizeIntensity,
    Orientation,
    Resize,
    ScaleIntensity,
    ScaleIntensityRange,
    SpatialPad,
)
from skimage.measure import label

from golden_file import GoldenFile, grid
from resample import FLIPPED, IDENTITY, OBLIQUE, PERMUTED, image

LPS_TO_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])


def affine_of(volume: sitk.Image) -> np.ndarray:
    """Index to RAS world, for an array in x, y, z order."""
    affine = np.eye(4)
    affine[:3, :3] = np.reshape(volume.GetDirection(), (3, 3)) * np.array(volume.GetSpacing())
    affine[:3, 3] = volume.GetOrigin()
    return LPS_TO_RAS @ affine


def oriented(volume: sitk.Image, axcodes: str) -> sitk.Image:
    xyz = sitk.GetArrayFromImage(volume).transpose(2, 1, 0)[None].copy()
    turned = Orientation(axcodes=axcodes, labels=None)(
        MetaTensor(torch.from_numpy(xyz), affine=torch.from_numpy(affine_of(volume)))
    )
    lps = LPS_TO_RAS @ turned.affine.numpy()
    spacing = np.linalg.norm(lps[:3, :3], axis=0)
    result = sitk.GetImageFromArray(turned.numpy()[0].transpose(2, 1, 0).copy())
    result.SetSpacing([float(s) for s in spacing])
    result.SetDirection([float(v) for v in (lps[:3, :3] / spacing).ravel()])
    result.SetOrigin([float(v) for v in lps[:3, 3]])
    return result


def component_cases(rng: np.random.Generator, golden: GoldenFile) -> list[dict]:
    """Masks in x, y, z order with the component that scikit-image numbers first among the largest."""
    masks = [rng.random(size) < density for size, density in
             [((9, 8, 7), 0.15), ((12, 5, 9), 0.3), ((1, 9, 9), 0.3), ((8, 8, 1), 0.25), ((15, 14, 13), 0.08)]]
    equal = np.zeros((6, 6, 6), bool)
    equal[4, 0, 0:2] = True
    equal[0, 4:6, 5] = True
    equal[2, 2, 0] = True
    masks += [equal, np.zeros((3, 3, 3), bool)]
    cases = []
    for mask in masks:
        numbered, count = label(mask, return_num=True, connectivity=3)
        case = {"size": list(mask.shape), "mask": golden.array(mask.transpose(2, 1, 0).astype(np.uint8))}
        if count > 0:
            sizes = np.bincount(numbered.ravel())[1:]
            voxels = np.argwhere(numbered == np.argmax(sizes) + 1)
            case["count"] = int(sizes.max())
            case["centroid"] = [float(v) for v in voxels.mean(axis=0)]
        cases.append(case)
    return cases


def make() -> None:
    rng = np.random.default_rng(77)
    golden = GoldenFile("steps")
    values = (300 * rng.standard_normal((7, 9, 11))).astype(np.float32)
    values[rng.random(values.shape) < 0.3] = 0
    values[:2] = -500
    values[:, :1] = -500
    values[:, :, 8:] = -500
    tensor = torch.from_numpy(values)[None]
    volume = image(values, (1.1, 1.2, 2.5), (3, -4, 5), IDENTITY)

    def apply(transform) -> dict:
        return golden.array(np.asarray(transform(MetaTensor(tensor.clone())))[0])

    foreground = CropForeground(allow_smaller=True)
    wide = CropForeground(allow_smaller=True, margin=1)
    boxes = []
    for margin, crop in ((0, foreground), (1, wide)):
        low, high = crop.compute_bounding_box(tensor)
        boxes.append({"margin": margin, "start": [int(v) for v in low[::-1]],
                      "size": [int(v) for v in (high - low)[::-1]]})
    facts = {
        "volume": golden.volume(volume),
        "scaled": apply(ScaleIntensityRange(-250, 250, -6.0, 6.0, clip=True)),
        "unclipped": apply(ScaleIntensityRange(-100, 37.5, 2.0, -1.0, clip=False)),
        "zNonzero": apply(NormalizeIntensity(nonzero=True, channel_wise=True)),
        "zAll": apply(NormalizeIntensity(channel_wise=True)),
        "minMax": apply(ScaleIntensity(minv=0.0, maxv=1.0)),
        "minMaxEpsilon": golden.array((values - values.min()) / (values.max() - values.min() + 1e-5)),
        "foreground": boxes,
        "padEnd": apply(SpatialPad((10, 9, 16), method="end", mode="constant", value=-2)),
        "padBoth": apply(SpatialPad((10, 6, 16), method="symmetric")),
        "area": [
            {"size": list(size[::-1]), "data": apply(Resize(size, mode="area"))}
            for size in ((4, 4, 4), (7, 9, 11), (13, 5, 6), (3, 20, 1))
        ],
        "oriented": [],
        "components": component_cases(rng, golden),
    }
    for direction in (IDENTITY, FLIPPED, PERMUTED, OBLIQUE):
        source = image(values[:4, :5, :6].copy(), (1.1, 1.2, 2.5), (3, -4, 5), direction)
        for axcodes in ("RAS", "LPS", "SAR", "PIL"):
            facts["oriented"].append({
                "axcodes": axcodes,
                "source": grid(source),
                "expected": golden.volume(oriented(source, axcodes)),
            })
    facts["orientedFrom"] = golden.array(values[:4, :5, :6].copy())
    golden.write(facts)
