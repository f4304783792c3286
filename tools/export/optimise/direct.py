"""3x3x3 convolutions as 2-D ones over neighbouring slices as channels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .builder import GraphBuilder
from .volume_ops import Line, Phases, conv2d, shift

# Slices of so few channels are joined: the kernels take them without rearranging.
FEW_CHANNELS = 15


def convolve(g: GraphBuilder, volume: Phases, weight: np.ndarray, bias: np.ndarray | None = None) -> Phases:
    """Stride 1, zero padding."""
    if volume.pack == 2:
        return _convolve_pairs(g, volume, weight, bias)
    line = Line(g, volume)
    stacked = [g("Concat", *(line[p + i] for i in (-1, 0, 1)), axis=1) for p in range(volume.count)]
    return volume.like([conv2d(g, s, stack(weight), bias=bias) for s in stacked], weight.shape[0])


def downsample(
    g: GraphBuilder, volume: Phases, weight: np.ndarray, bias: np.ndarray | None = None
) -> Phases:
    """Stride 2, zero padding; half as many phases."""
    out_channels, (_, depth, height, width) = weight.shape[0], volume.shape
    shape = (out_channels, depth // 2, height // 2, width // 2)
    if volume.pack == 2:
        return Phases((_downsample_pairs(g, volume, weight, bias),), shape)
    # Three slices joined would be a copy of the volume and a half, when memory is at its peak.
    return convolve_parts(g, [volume], weight, (2, 2, 2), bias)


def convolve_parts(
    g: GraphBuilder,
    parts: Sequence[Phases],
    weight: np.ndarray,
    stride: tuple[int, int, int] = (1, 1, 1),
    bias: np.ndarray | None = None,
) -> Phases:
    """Any odd kernel and stride, zero padding, of volumes whose channels lie one behind the other.

    A 2-D convolution for each slice of the kernel and each part; nothing is joined or copied. The
    number of phases must be a multiple of the stride.
    """
    out, _, taps = weight.shape[:3]
    count, ends = parts[0].count, np.cumsum([part.shape[0] for part in parts])
    own = np.split(weight, ends[:-1], axis=1)
    lines = [Line(g, part) for part in parts]
    tensors = []
    for first in range(0, count, stride[0]):
        total, rest = "", bias
        for line, filters in zip(lines, own):
            around = [line[first + tap - taps // 2] for tap in range(taps)]
            if filters.shape[1] * taps <= FEW_CHANNELS:
                around, filters = [g("Concat", *around, axis=1)] if taps > 1 else around, stack(filters)[:, :, None]
            for tap, tensor in enumerate(around):
                done = conv2d(g, tensor, filters[:, :, tap], stride=stride[1:], bias=rest)
                total, rest = g("Add", done, total) if total else done, None
        tensors.append(total)
    size = [n // s for n, s in zip(parts[0].shape[1:], stride)]
    return Phases(tuple(tensors), (out, *size))


def _convolve_pairs(
    g: GraphBuilder, volume: Phases, weight: np.ndarray, bias: np.ndarray | None
) -> Phases:
    """Two slices from four: the pairs (2k-1, 2k) and (2k+1, 2k+2) give the pair (2k, 2k+1)."""
    out, inner = weight.shape[:2]
    both = np.zeros((2 * out, 4 * inner, *weight.shape[3:]), dtype=np.float32)
    both[:out, : 3 * inner] = stack(weight)
    both[out:, inner:] = stack(weight)
    lanes = None if bias is None else np.tile(bias, 2)
    early = conv2d(g, _shifted_pairs(g, volume, 1), both[:, : 2 * inner], bias=lanes)
    late = conv2d(g, _shifted_pairs(g, volume, -1), both[:, 2 * inner :])
    return volume.like([g("Add", early, late)], out)


def _downsample_pairs(g: GraphBuilder, volume: Phases, weight: np.ndarray, bias: np.ndarray | None) -> str:
    """One slice from three: (2k-1, -) and (2k, 2k+1)."""
    inner = weight.shape[1]
    stacked = stack(weight)
    first = np.zeros_like(stacked[:, : 2 * inner])
    first[:, :inner] = stacked[:, :inner]
    early = conv2d(g, _shifted_pairs(g, volume, 1), first, stride=2, bias=bias)
    return g("Add", early, conv2d(g, volume.tensors[0], stacked[:, inner:], stride=2))


def _shifted_pairs(g: GraphBuilder, volume: Phases, by: int) -> str:
    channels, depth, height, width = volume.shape
    slices = g.reshape(volume.tensors[0], (depth, channels, height, width))
    return g.reshape(shift(g, slices, by), volume.phase_shape)


def stack(weight: np.ndarray) -> np.ndarray:
    """[O, I, 3, kh, kw] to [O, 3 I, kh, kw], slices in order."""
    out, inner, taps, kh, kw = weight.shape
    return weight.transpose(0, 2, 1, 3, 4).reshape(out, taps * inner, kh, kw)
