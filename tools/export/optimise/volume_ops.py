"""A volume cut into slices along its first axis, as 2-D images, in interleaved phases.

ONNX Runtime computes 2-D convolutions with blocked kernels that reach twice the speed of its 3-D
ones. A volume [1, C, D, H, W] is therefore kept as ``count`` tensors [D / count, C, H, W]: phase p
holds the slices p, p + count, p + 2 count, ... . Neighbouring slices then sit in different tensors,
and a convolution along D becomes arithmetic between tensors.

A volume of few channels is instead *packed*: pairs of slices lie side by side as channels,
[D / 2, 2 C, H, W], the same memory as [D, C, H, W], because the kernels compute 16 channels at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .builder import GraphBuilder


@dataclass(frozen=True)
class Phases:
    """The tensors of one volume; ``shape`` is (C, D, H, W) of the whole, ``pack`` slices a pair."""

    tensors: tuple[str, ...]
    shape: tuple[int, int, int, int]
    pack: int = 1

    @property
    def count(self) -> int:
        return len(self.tensors)

    @property
    def phase_shape(self) -> tuple[int, int, int, int]:
        """Shape of one tensor."""
        channels, depth, height, width = self.shape
        return (depth // self.count // self.pack, channels * self.pack, height, width)

    def like(self, tensors, channels: int | None = None) -> Phases:
        """The same arrangement of other tensors."""
        return Phases(tuple(tensors), (channels or self.shape[0], *self.shape[1:]), self.pack)


def shift(g: GraphBuilder, tensor: str, by: int) -> str:
    """Slices moved by one place: by=1 puts slice k-1 at k. The new slice is zero."""
    pads = [by, 0, 0, 0, -by, 0, 0, 0]
    return g("Pad", tensor, np.array(pads, dtype=np.int64))


class Line:
    """The slices of a volume in a line: item i is every count-th slice from i on, i < 0 included."""

    def __init__(self, g: GraphBuilder, volume: Phases) -> None:
        self._g, self._volume, self._shifted = g, volume, {}

    def __getitem__(self, i: int) -> str:
        by, phase = divmod(i, self._volume.count)
        if by and i not in self._shifted:
            self._shifted[i] = shift(self._g, self._volume.tensors[phase], -by)
        return self._shifted[i] if by else self._volume.tensors[phase]


def interleave(g: GraphBuilder, tensors: list[str], shape: tuple[int, int, int, int]) -> str:
    """One tensor [D, C, H, W] from phases of ``shape`` [D / n, C, H, W]."""
    if len(tensors) == 1:
        return tensors[0]
    depth, channels, height, width = shape
    # Slices of one place side by side as channels: the memory order is then that of the volume.
    joined = g("Concat", *tensors, axis=1)
    return g.reshape(joined, (depth * len(tensors), channels, height, width))


def regroup(g: GraphBuilder, volume: Phases, count: int) -> Phases:
    """The same slices in ``count`` phases."""
    if volume.count % count == 0:
        return volume.like(
            interleave(g, list(volume.tensors[p::count]), volume.phase_shape) for p in range(count)
        )
    if count % volume.count:
        volume = regroup(g, volume, 1)
    step = count // volume.count
    return volume.like(g.take(tensor, s, step) for s in range(step) for tensor in volume.tensors)


def packed(g: GraphBuilder, tensor: str, shape: tuple[int, int, int, int]) -> Phases:
    """Pairs of slices of a tensor [D, C, H, W]; ``shape`` is (C, D, H, W)."""
    volume = Phases((tensor,), shape, pack=2)
    return volume.like([g.reshape(tensor, volume.phase_shape)])


def conv2d(
    g: GraphBuilder,
    tensor: str,
    weight: np.ndarray,
    stride: int | tuple[int, int] = 1,
    bias: np.ndarray | None = None,
) -> str:
    """A convolution of slices; padding keeps the size."""
    kernel = weight.shape[2:]
    pads = [k // 2 for k in kernel]
    return g(
        "Conv",
        tensor,
        weight.astype(np.float32),
        *([] if bias is None else [bias.astype(np.float32)]),
        kernel_shape=list(kernel),
        pads=[*pads, *pads],
        strides=np.broadcast_to(stride, 2).tolist(),
    )


def scale(
    g: GraphBuilder, factor: float, tensor: str, channels: int, bias: np.ndarray | None = None
) -> str:
    """factor * tensor (+ bias), as a depthwise convolution: it stays in the blocked layout."""
    weight = np.full((channels, 1, 1, 1), factor, dtype=np.float32)
    more = [] if bias is None else [bias.astype(np.float32)]
    return g("Conv", tensor, weight, *more, kernel_shape=[1, 1], group=channels)


def scale_add(
    g: GraphBuilder, factor: float, tensor: str, other: str, channels: int, bias: np.ndarray | None = None
) -> str:
    """factor * tensor + other (+ bias) in one pass: ONNX Runtime folds the sum into the convolution."""
    return g("Add", scale(g, factor, tensor, channels, bias), other)
