"""MONAI's 3-D ResNet as a graph of 2-D convolutions over slices."""

from __future__ import annotations

import torch
from monai.networks.nets import ResNet

from .builder import GraphBuilder


def supports(network: torch.nn.Module, size: int) -> bool:
    """True for the layouts this module knows."""
    return False


def features(g: GraphBuilder, image: str, network: ResNet, size: int) -> str:
    raise NotImplementedError
