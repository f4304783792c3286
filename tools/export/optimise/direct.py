"""3x3x3 convolutions as 2-D ones over neighbouring slices stacked as channels."""

from __future__ import annotations

import numpy as np

from .builder import GraphBuilder
from .volume_ops import Phases, conv2d, interleave, neighbours, shift, split


def convolve(g: GraphBuilder, volume: Phases, weight: np.ndarray) -> Phases:
    """Stride 1, zero padding; one phase in gives one phase out, computed two slices at a time."""
    shape = (weight.shape[0], *volume.shape[1:])
    if volume.count > 1:
        line = neighbours(g, volume)
        stacked = [g("Concat", *line[p : p + 3], axis=1) for p in range(volume.count)]
        return Phases(tuple(conv2d(g, s, _taps(weight)) for s in stacked), shape)
    return Phases((_pairwise(g, volume, weight),), shape)


def downsample(g: GraphBuilder, volume: Phases, weight: np.ndarray, count: int) -> Phases:
    """Stride 2, zero padding, into ``count`` phases."""
    out_channels, (_, depth, height, width) = weight.shape[0], volume.shape
    shape = (out_channels, depth // 2, height // 2, width // 2)
    if volume.count == 1:
        volume = split(g, volume.tensors[0], volume.shape, 2)
    line = [shift(g, volume.tensors[-1], 1), *volume.tensors]
    halves = [
        conv2d(g, g("Concat", *line[p : p + 3], axis=1), _taps(weight), stride=2)
        for p in range(0, volume.count, 2)
    ]
    return regroup(g, Phases(tuple(halves), shape), count)


def regroup(g: GraphBuilder, volume: Phases, count: int) -> Phases:
    """The same slices in ``count`` phases."""
    if volume.count == count:
        return volume
    if volume.count < count and count % volume.count == 0:
        step = count // volume.count
        tensors = [""] * count
        for p, tensor in enumerate(volume.tensors):
            for s in range(step):
                tensors[p + s * volume.count] = g.take(tensor, s, step)
        return Phases(tuple(tensors), volume.shape)
    whole = interleave(g, list(volume.tensors), volume.phase_shape)
    return split(g, whole, volume.shape, count)


def _taps(weight: np.ndarray) -> np.ndarray:
    """[O, I, 3, kh, kw] to [O, 3 I, kh, kw], slices in order."""
    out, inner, taps, kh, kw = weight.shape
    return weight.transpose(0, 2, 1, 3, 4).reshape(out, taps * inner, kh, kw)


def _pairwise(g: GraphBuilder, volume: Phases, weight: np.ndarray) -> str:
    """Two slices out of four in one convolution, so that few channels still fill the lanes."""
    out, inner = weight.shape[:2]
    channels, depth, height, width = volume.shape
    whole = volume.tensors[0]
    pairs = g.reshape(whole, (depth // 2, 2 * channels, height, width))
    before = shift(g, g.take(whole, 1, 2), 1)
    after = shift(g, g.take(whole, 0, 2), -1)
    both = np.zeros((2 * out, 4 * inner, *weight.shape[3:]), dtype=np.float32)
    both[:out, : 3 * inner] = _taps(weight)
    both[out:, inner:] = _taps(weight)
    result = conv2d(g, g("Concat", before, pairs, after, axis=1), both)
    return g.reshape(result, (depth, out, height, width))
