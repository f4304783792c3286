"""Trilinear upsampling by two: along the slice axis between tensors, then within the slices."""

from __future__ import annotations

import numpy as np

from .builder import GraphBuilder
from .volume_ops import Phases, interleave

FINE_SHARE, COARSE_SHARE = np.float32(0.75), np.float32(0.25)


def upsample(g: GraphBuilder, volume: Phases, target: Phases) -> Phases:
    """Twice the size in all axes, sample positions at half voxels, arranged as ``target``.

    Every fine slice is 3/4 of its coarse slice and 1/4 of the coarse neighbour on its side; at the
    ends the neighbour is the slice itself.
    """
    parts = max(target.count // 2, 1)
    coarse = _regroup(g, volume, parts)
    before = _with_edge(g, coarse[0], coarse[-1], 0)
    after = _with_edge(g, coarse[-1], coarse[0], -1)
    line = [before, *coarse, after]
    fine = []
    for i in range(1, parts + 1):
        own = g("Mul", line[i], FINE_SHARE)
        for side in (line[i - 1], line[i + 1]):
            fine.append(_stretch(g, g("Add", own, g("Mul", side, COARSE_SHARE))))
    if target.pack == 2:
        fine = [g("Concat", *fine, axis=1)]
    return target.like(fine)


def _regroup(g: GraphBuilder, volume: Phases, parts: int) -> list[str]:
    """The same slices in fewer phases."""
    n = volume.count
    if n == parts:
        return list(volume.tensors)
    if n < parts:
        whole = interleave(g, list(volume.tensors), volume.phase_shape)
        return [g.take(whole, p, parts) for p in range(parts)]
    return [
        interleave(g, [volume.tensors[i] for i in range(p, n, parts)], volume.phase_shape)
        for p in range(parts)
    ]


def _with_edge(g: GraphBuilder, own: str, neighbour: str, end: int) -> str:
    """The neighbours' slices, with the own slice where there is no neighbour at that end."""
    first, last, most = np.array([0]), np.array([-1]), np.array([np.iinfo(np.int64).max])
    if end == 0:
        return g("Concat", g("Slice", own, first, np.array([1])), g("Slice", neighbour, first, last), axis=0)
    return g("Concat", g("Slice", neighbour, np.array([1]), most), g("Slice", own, last, most), axis=0)


def _stretch(g: GraphBuilder, tensor: str) -> str:
    scales = np.array([1, 1, 2, 2], dtype=np.float32)
    mode = {"mode": "linear", "coordinate_transformation_mode": "half_pixel"}
    return g("Resize", tensor, "", scales, **mode)
