"""Norms whose ONNX form keeps its digits.

ONNX Runtime's InstanceNormalization, which group norms are traced to as well, loses most digits of a
spread that is small beside the mean: windows of padding then differ visibly. Taking the mean away
first mends that and changes nothing else.
"""

from __future__ import annotations

import copy

import torch
import torch.nn.functional as F


class CentredInstanceNorm(torch.nn.Module):
    """An instance norm without running statistics."""

    def __init__(self, norm: torch.nn.modules.instancenorm._InstanceNorm) -> None:
        super().__init__()
        self.weight, self.bias, self.eps = norm.weight, norm.bias, norm.eps

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        axes = tuple(range(2, x.dim()))
        return F.instance_norm(
            x - x.mean(axes, keepdim=True), weight=self.weight, bias=self.bias, eps=self.eps
        )


class CentredGroupNorm(torch.nn.Module):
    """A group norm."""

    def __init__(self, norm: torch.nn.GroupNorm) -> None:
        super().__init__()
        self.weight, self.bias, self.eps, self.groups = norm.weight, norm.bias, norm.eps, norm.num_groups

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        rows = x.reshape(x.shape[0], self.groups, -1)
        centred = (rows - rows.mean(2, keepdim=True)).reshape(x.shape)
        return F.group_norm(centred, self.groups, self.weight, self.bias, self.eps)


def with_centred_norms(module: torch.nn.Module) -> torch.nn.Module:
    """A copy of a network with its instance and group norms replaced."""
    network = copy.deepcopy(module)
    for parent in list(network.modules()):
        for name, child in list(parent.named_children()):
            instance = isinstance(child, torch.nn.modules.instancenorm._InstanceNorm)
            if instance and not child.track_running_stats:
                setattr(parent, name, CentredInstanceNorm(child))
            elif isinstance(child, torch.nn.GroupNorm):
                setattr(parent, name, CentredGroupNorm(child))
    return network.eval()
