"""Both ends of a segmentation network: the window as slices, and slices back into one volume of logits."""

from __future__ import annotations

import numpy as np

from .builder import GraphBuilder
from .volume_ops import Phases, interleave


def slices_of(g: GraphBuilder, image: str, channels: int, size: tuple[int, int, int]) -> Phases:
    """An image [1, channels, *size] as one phase."""
    slices = g.reshape(g("Transpose", image, perm=[0, 2, 1, 3, 4]), (size[0], channels, *size[1:]))
    return Phases((slices,), (channels, *size))


def classify(g: GraphBuilder, x: Phases, weight: np.ndarray, bias: np.ndarray) -> str:
    """The last 1x1x1 convolution, as the output ``logits`` [1, classes, D, H, W]."""
    classes = weight.shape[0]
    channels, depth, height, width = x.shape
    depth //= x.count
    kernel = weight.reshape(classes, channels)

    def product(tensor: str) -> str:
        return g("MatMul", kernel, g.reshape(tensor, (depth, channels, height * width)))

    logits = interleave(g, [product(t) for t in x.tensors], (depth, classes, height, width))
    size = (x.shape[1], classes, height, width)
    logits = g("Add", g.reshape(logits, size), bias.reshape(1, classes, 1, 1))
    return g("Transpose", g.reshape(logits, (1, *size)), perm=[0, 2, 1, 3, 4], outputs=["logits"])
