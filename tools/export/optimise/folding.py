"""Batch norms of a trained network are constants: they go into the convolution before them."""

from __future__ import annotations

import numpy as np
import torch


def fold(conv: torch.nn.Module, norm: torch.nn.Module) -> tuple[np.ndarray, np.ndarray]:
    """Weight and bias of norm(conv(x)), computed in double and rounded once."""
    scale = 1 / np.sqrt(array(norm.running_var).astype(np.float64) + norm.eps)
    if norm.affine:
        scale = scale * array(norm.weight)
    weight = array(conv.weight).astype(np.float64) * scale.reshape(-1, *[1] * (conv.weight.dim() - 1))
    start = 0 if conv.bias is None else array(conv.bias).astype(np.float64)
    bias = (start - array(norm.running_mean)) * scale
    if norm.affine:
        bias = bias + array(norm.bias)
    return weight.astype(np.float32), bias.astype(np.float32)


def array(tensor: torch.Tensor) -> np.ndarray:
    return tensor.detach().float().numpy()
