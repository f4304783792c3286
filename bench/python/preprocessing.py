"""Task 1's preprocessing as the challenge's container does it, with the libraries that it uses.

Written from the description of the algorithm; every step that costs time or memory is the same
library call: SimpleITK for resampling and cropping, scikit-image for components, MONAI for the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk
import torch
from monai.data import MetaTensor
from monai.transforms import (
    Compose,
    CropForegroundd,
    NormalizeIntensityd,
    Orientationd,
    ScaleIntensityRanged,
    SpatialPadd,
)
from skimage.measure import label

from stages import Stages

BOX = np.array([200, 200, 310])


@dataclass
class Prepared:
    """The network's input (1, 2, Y, X, Z) and what is needed for the way back."""

    tensor: torch.Tensor
    grid: sitk.Image
    """The resampled CT: the container keeps it until the end."""
    start: np.ndarray
    end: np.ndarray
    """Neck box in the resampled grid, x, y, z."""


def resample(images: list[sitk.Image]) -> list[sitk.Image]:
    """CT and PET onto 1 mm voxels over the box that they share.

    Takes the images out of the list, so that each is freed once it is resampled.
    """
    ct, pet = images
    lower = np.maximum(ct.GetOrigin(), pet.GetOrigin())
    upper = np.minimum(*(np.add(i.GetOrigin(), np.multiply(i.GetSize(), i.GetSpacing())) for i in (ct, pet)))
    resampler = sitk.ResampleImageFilter()
    resampler.SetOutputSpacing([1.0, 1.0, 1.0])
    resampler.SetOutputOrigin(lower.tolist())
    resampler.SetOutputDirection(np.eye(3).ravel().tolist())
    resampler.SetSize(np.round(upper - lower).astype(int).tolist())
    resampler.SetInterpolator(sitk.sitkBSpline)
    del ct, pet
    return [resampler.Execute(images.pop(0)) for _ in range(2)]


def neck_centre(pet: torch.Tensor) -> np.ndarray:
    """Centre of the largest hot component in the top quarter of a PET (x, y, z), voxels."""
    first = int(0.75 * pet.shape[2])
    top = pet[..., first:]
    hot = (top - top.mean()) / (top.std() + 1e-8) > 1.0
    if hot.any():
        components = label(hot.numpy(), connectivity=3)
        largest = np.argmax(np.bincount(components.ravel())[1:]) + 1
        centre = np.argwhere(components == largest).mean(axis=0)
    else:
        centre = (np.array(top.shape) / 2).astype(int)
    return (centre + [0, 0, first]).astype(int)


def neck_box(pet: sitk.Image) -> tuple[np.ndarray, np.ndarray]:
    array = np.transpose(sitk.GetArrayFromImage(pet), (2, 1, 0))
    size = np.array(array.shape)
    centre = neck_centre(torch.from_numpy(array).float())
    end = np.clip(np.clip(centre - BOX // 2, 0, size) + BOX, 0, size)
    return np.maximum(end - BOX, 0), end


def to_meta_tensor(image: sitk.Image) -> MetaTensor:
    affine = np.eye(4)
    affine[:3, :3] = np.reshape(image.GetDirection(), (3, 3)) * image.GetSpacing()
    affine[:3, 3] = image.GetOrigin()
    return MetaTensor(sitk.GetArrayFromImage(image).astype(np.float32)[None], affine=affine)


def transforms() -> Compose:
    keys = ["ct", "pet"]
    return Compose(
        [
            Orientationd(keys=keys, axcodes="RAS", labels=(("L", "R"), ("P", "A"), ("I", "S"))),
            ScaleIntensityRanged(keys=["ct"], a_min=-250, a_max=250, b_min=-6.0, b_max=6.0, clip=True),
            NormalizeIntensityd(keys=["pet"], nonzero=True, channel_wise=True),
            CropForegroundd(keys=keys, source_key="ct", allow_smaller=True),
            SpatialPadd(keys=keys, spatial_size=BOX[::-1].tolist(), method="end"),
        ]
    )


def preprocess(paths: tuple[str, str], stages: Stages) -> Prepared:
    """From the files of CT and PET to the network's input."""
    with stages.time("read"):
        images = [sitk.ReadImage(path) for path in paths]
    with stages.time("resample"):
        ct, pet = resample(images)
    with stages.time("crop-neck"):
        start, end = neck_box(pet)
        size, index = (end - start).tolist(), start.tolist()
        crops = {
            "ct": sitk.RegionOfInterest(ct, size=size, index=index),
            "pet": sitk.RegionOfInterest(pet, size=size, index=index),
        }
    with stages.time("intensity-crop-pad"):
        out = transforms()({key: to_meta_tensor(image) for key, image in crops.items()})
    with stages.time("tensor"):
        volumes = [torch.as_tensor(out[key]).float() for key in ("ct", "pet")]
        tensor = torch.cat(volumes)[None].permute(0, 1, 3, 4, 2).contiguous()
    return Prepared(tensor, ct, start, end)
