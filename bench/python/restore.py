"""The container's way back from the network's classes to the grid of the CT, its faults included."""

from __future__ import annotations

import numpy as np
import SimpleITK as sitk

from preprocessing import Prepared


def restore(classes: np.ndarray, prepared: Prepared, ct: sitk.Image) -> sitk.Image:
    """A label map on the grid of ``ct`` from classes (Z, Y, X)."""
    (x0, y0, z0), (x1, y1, z1) = prepared.start, prepared.end
    depth = z1 - z0
    surplus = classes.shape[0] - depth
    if surplus > 0:
        classes = classes[surplus // 2 : surplus // 2 + depth]
    whole = np.zeros(prepared.grid.GetSize()[::-1], dtype=classes.dtype)
    whole[z0:z1, y0:y1, x0:x1] = classes
    mask = sitk.GetImageFromArray(whole.astype(np.uint8))
    mask.CopyInformation(prepared.grid)
    return sitk.Resample(mask, ct, sitk.Transform(), sitk.sitkNearestNeighbor, 0, sitk.sitkUInt8)
