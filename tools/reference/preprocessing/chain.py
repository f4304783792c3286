"""The whole of task 1's preprocessing and its way back, on small cases.

Written from the description of what the challenge's container computes; SimpleITK, MONAI,
scikit-image and PyTorch do the work.
"""

import numpy as np
import SimpleITK as sitk
import torch
from monai.data import MetaTensor
from monai.transforms import CropForeground, NormalizeIntensity, ScaleIntensityRange, SpatialPad
from skimage.measure import label

from golden_file import GoldenFile, grid
from resample import IDENTITY, image

# The real sizes are 200 x 200 x 310.
BOX = (24, 22, 30)


def patient(rng: np.random.Generator, ct_grid, pet_grid, ct_type: str, pet_type: str):
    """A body with a hot head and a lesion, seen by both scanners."""

    def field(shape, spacing, origin, direction):
        nz, ny, nx = shape
        index = np.stack(np.meshgrid(np.arange(nx), np.arange(ny), np.arange(nz), indexing="ij"))
        scaled = index.reshape(3, -1) * np.array(spacing)[:, None]
        world = np.reshape(direction, (3, 3)) @ scaled + np.array(origin)[:, None]
        return world.reshape(3, nx, ny, nz)

    def ball(world, centre, radii):
        offset = (world - np.array(centre).reshape(3, 1, 1, 1)) / np.array(radii).reshape(3, 1, 1, 1)
        return (offset**2).sum(0)

    size, spacing, origin, direction = ct_grid
    world = field(size[::-1], spacing, origin, direction)
    body = ball(world, (0, 0, 20), (10, 9, 37)) < 1
    bone = ball(world, (2, 3, 20), (3, 3, 30)) < 1
    ct = np.where(body, 40.0, -1000.0) + np.where(bone, 700, 0)
    ct = ct + 12 * rng.standard_normal(ct.shape)
    size, spacing, origin, direction = pet_grid
    world = field(size[::-1], spacing, origin, direction)
    body = ball(world, (0, 0, 20), (10, 9, 37)) < 1
    pet = np.where(body, 1.0, 0.0)
    pet = pet + 9 * np.exp(-2 * ball(world, (1, -1, 48), (7, 6, 7)))
    pet = pet + 6 * np.exp(-2 * ball(world, (-6, 4, 30), (4, 4, 4)))
    pet = np.where(body, pet * (1 + 0.1 * rng.standard_normal(pet.shape)), 0.0)

    def to_image(values, dtype, g, gain):
        values = values.transpose(2, 1, 0) * gain
        if np.issubdtype(np.dtype(dtype), np.integer):
            values = np.round(values)
        return image(values.astype(dtype), g[1], g[2], g[3])

    gain = 200 if np.issubdtype(np.dtype(pet_type), np.integer) else 1
    return to_image(ct, ct_type, ct_grid, 1), to_image(pet, pet_type, pet_grid, gain)


def common_box(ct: sitk.Image, pet: sitk.Image):
    low = np.maximum(ct.GetOrigin(), pet.GetOrigin())
    ends = [np.array(i.GetOrigin()) + np.array(i.GetSize()) * np.array(i.GetSpacing()) for i in (ct, pet)]
    return low, np.round(np.minimum(*ends) - low).astype(int)


def resampled_pair(ct: sitk.Image, pet: sitk.Image):
    low, size = common_box(ct, pet)
    resampler = sitk.ResampleImageFilter()
    resampler.SetOutputDirection(IDENTITY)
    resampler.SetOutputSpacing([1.0] * 3)
    resampler.SetOutputOrigin([float(v) for v in low])
    resampler.SetSize([int(v) for v in size])
    resampler.SetInterpolator(sitk.sitkBSpline)
    return resampler.Execute(ct), resampler.Execute(pet)


def hot_spot(pet: sitk.Image, top: float = 0.75) -> np.ndarray:
    """The centre of the largest hot component of the upper quarter, in x, y, z voxels."""
    return hot_spot_of(sitk.GetArrayFromImage(pet).transpose(2, 1, 0).copy(), top)


def hot_spot_of(array: np.ndarray, top: float = 0.75) -> np.ndarray:
    """The same on an array whose last axis points upward, in the array's own order."""
    values = torch.from_numpy(array).float()
    first = int(top * values.shape[2])
    part = values[..., first:]
    hot = (part - part.mean()) / (part.std() + 1e-8) > 1.0
    if hot.any():
        numbered = label(hot.numpy(), connectivity=3)
        largest = np.argmax(np.bincount(numbered.ravel())[1:]) + 1
        centre = np.argwhere(numbered == largest).mean(axis=0)
    else:
        centre = (np.array(part.shape) / 2).astype(int)
    return (centre + np.array([0, 0, first])).astype(int)


def neck_box(centre: np.ndarray, size: np.ndarray, box) -> tuple[np.ndarray, np.ndarray]:
    box = np.array(box)
    end = np.clip(np.clip(centre - box // 2, 0, size) + box, 0, size)
    return np.maximum(end - box, 0), end


def tensor_of(cropped_ct: sitk.Image, cropped_pet: sitk.Image, box):
    """The network's input, its foreground box in z, y, x and the padded shape."""
    ct = MetaTensor(torch.from_numpy(sitk.GetArrayFromImage(cropped_ct).astype(np.float32))[None])
    pet = MetaTensor(torch.from_numpy(sitk.GetArrayFromImage(cropped_pet).astype(np.float32))[None])
    ct = ScaleIntensityRange(-250, 250, -6.0, 6.0, clip=True)(ct)
    pet = NormalizeIntensity(nonzero=True, channel_wise=True)(pet)
    crop = CropForeground(allow_smaller=True)
    low, high = crop.compute_bounding_box(ct)
    pad = SpatialPad(box[::-1], method="end")
    ct, pet = (pad(crop.crop_pad(v, low, high)) for v in (ct, pet))
    stacked = torch.cat([ct, pet]).as_tensor()[None]
    return stacked.permute(0, 1, 3, 4, 2).contiguous().numpy(), low, high


def template_restore(labels_zyx: np.ndarray, start, end, ct_1mm: sitk.Image, ct: sitk.Image):
    """Half of the surplus slices is cut from the front; the foreground crop is not undone."""
    depth = end[2] - start[2]
    skip = (labels_zyx.shape[0] - depth) // 2
    labels = labels_zyx[skip : skip + depth]
    canvas = np.zeros(ct_1mm.GetSize()[::-1], np.uint8)
    canvas[start[2] : end[2], start[1] : end[1], start[0] : end[0]] = labels
    placed = sitk.GetImageFromArray(canvas)
    placed.CopyInformation(ct_1mm)
    return sitk.Resample(placed, ct, sitk.Transform(), sitk.sitkNearestNeighbor, 0, sitk.sitkUInt8)


def exact_restore(labels_zyx: np.ndarray, low, high, start, ct_1mm: sitk.Image, ct: sitk.Image):
    """Undoes pad, foreground crop and neck crop, then picks nearest labels on the CT's grid."""
    n = high - low
    canvas = np.zeros(ct_1mm.GetSize()[::-1], np.uint8)
    z, y, x = low + np.array(start)[::-1]
    canvas[z : z + n[0], y : y + n[1], x : x + n[2]] = labels_zyx[: n[0], : n[1], : n[2]]
    placed = sitk.GetImageFromArray(canvas)
    placed.CopyInformation(ct_1mm)
    return sitk.Resample(placed, ct, sitk.Transform(), sitk.sitkNearestNeighbor, 0, sitk.sitkUInt8)


# name, CT grid (size, spacing, origin, direction), PET grid, pixel types
CASES = [
    ("int16-and-float32", ((40, 38, 24), (0.97, 0.97, 3.0), (-19.6, -18.2, -14), IDENTITY),
     ((20, 19, 30), (2.2, 2.2, 2.6), (-21, -20, -16), IDENTITY), "int16", "float32"),
    ("float32-and-uint16", ((34, 33, 25), (1.17, 1.17, 2.8), (-19, -18.5, -12), IDENTITY),
     ((14, 14, 22), (2.7, 2.7, 3.27), (-18, -17, -11), IDENTITY), "float32", "uint16"),
    ("smaller-than-the-box", ((22, 21, 13), (0.9, 0.9, 2.5), (-10, -9, 20), IDENTITY),
     ((12, 12, 14), (2.0, 2.0, 2.6), (-12, -11, 18), IDENTITY), "int16", "float32"),
    ("shallow", ((36, 35, 9), (1.03, 1.03, 3.0), (-18.3, -17.1, 26), IDENTITY),
     ((20, 20, 12), (2.2, 2.2, 2.6), (-20, -19, 24), IDENTITY), "int16", "float32"),
]  # fmt: skip


def make() -> None:
    rng = np.random.default_rng(31)
    golden = GoldenFile("task1-chain")
    cases = []
    for name, ct_grid, pet_grid, ct_type, pet_type in CASES:
        ct, pet = patient(rng, ct_grid, pet_grid, ct_type, pet_type)
        ct_1mm, pet_1mm = resampled_pair(ct, pet)
        size = np.array(ct_1mm.GetSize())
        start, end = neck_box(hot_spot(pet_1mm), size, BOX)
        crop = {"index": [int(v) for v in start], "size": [int(v) for v in end - start]}
        ct_box, pet_box = (sitk.RegionOfInterest(v, **crop) for v in (ct_1mm, pet_1mm))
        tensor, low, high = tensor_of(ct_box, pet_box, BOX)
        shape = tensor.shape[2:]
        blobs = rng.random((shape[2] // 3 + 1, shape[0] // 3 + 1, shape[1] // 3 + 1))
        blobs = blobs.repeat(3, 0).repeat(3, 1).repeat(3, 2)[: shape[2], : shape[0], : shape[1]]
        labels = np.digitize(blobs, [0.6, 0.8]).astype(np.uint8)
        facts = {
            "name": name,
            "ct": golden.volume(ct),
            "pet": golden.volume(pet),
            "commonGrid": grid(ct_1mm),
            "neckStart": crop["index"],
            "neckSize": crop["size"],
            "foregroundStart": [int(v) for v in low[::-1]],
            "foregroundSize": [int(v) for v in (high - low)[::-1]],
            "dims": list(tensor.shape),
            "tensor": golden.array(tensor.astype(np.float32)),
            "labels": golden.array(labels),
            "exact": golden.volume(exact_restore(labels, low, high, start, ct_1mm, ct)),
        }
        if tuple(end - start)[:2] == BOX[:2]:
            facts["template"] = golden.volume(template_restore(labels, start, end, ct_1mm, ct))
        cases.append(facts)
    golden.write({"box": list(BOX), "cases": cases})


