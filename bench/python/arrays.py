"""Images of Tasks 2 and 3 as the challenge's containers prepare them, with the same libraries.

Written from the description of the algorithm. Arrays are z, y, x and carry no geometry: the
"resampling" is an identity B-spline that cuts both images to their common size.
"""

from __future__ import annotations

import numpy as np
import SimpleITK as sitk
import torch
from monai.transforms import Compose, EnsureChannelFirst, Resize, ScaleIntensity

from preprocessing import BOX, neck_centre
from stages import Stages

EDGE = 96


def cut_to_common_size(arrays: list[np.ndarray]) -> list[np.ndarray]:
    images = [sitk.GetImageFromArray(array) for array in arrays]
    size = np.minimum(*(image.GetSize() for image in images))
    resampler = sitk.ResampleImageFilter()
    resampler.SetOutputSpacing([1.0, 1.0, 1.0])
    resampler.SetSize([int(n) for n in size])
    resampler.SetInterpolator(sitk.sitkBSpline)
    return [sitk.GetArrayFromImage(resampler.Execute(image)) for image in images]


def neck_region(pet: np.ndarray) -> tuple[slice, ...]:
    """The box goes along z, y, x although it was meant for x, y, z; its low end is cut, not moved."""
    centre = neck_centre(torch.from_numpy(pet).float())
    end = np.minimum(centre - BOX // 2 + BOX, pet.shape)
    return tuple(slice(int(a), int(b)) for a, b in zip(np.maximum(end - BOX, 0), end))


def scale_task2(array: np.ndarray) -> torch.Tensor:
    transform = Compose(
        [EnsureChannelFirst(channel_dim="no_channel"), ScaleIntensity(), Resize((EDGE, EDGE, EDGE))]
    )
    return torch.as_tensor(transform(array))


def scale_task3(array: np.ndarray) -> torch.Tensor:
    array = array.astype(np.float32)
    array = (array - array.min()) / (array.max() - array.min() + 1e-5)
    return torch.as_tensor(Resize((EDGE, EDGE, EDGE))(torch.tensor(array)[None]))


def prepare(paths: tuple[str, str], task: str, stages: Stages) -> torch.Tensor:
    """From the files of CT and PET to the network's input, 1 x 2 x 96 x 96 x 96."""
    with stages.time("read"):
        arrays = [sitk.GetArrayFromImage(sitk.ReadImage(path)) for path in paths]
    with stages.time("resample"):
        ct, pet = cut_to_common_size(arrays)
    with stages.time("crop-neck"):
        region = neck_region(pet)
    with stages.time("scale-resize"):
        scale = scale_task2 if task == "task2" else scale_task3
        return torch.cat([scale(image[region]) for image in (ct, pet)])[None].float()
