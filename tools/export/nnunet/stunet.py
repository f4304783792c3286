"""STU-Net (Huang et al. 2023): residual blocks, each level's output doubled by nearest neighbours.

The parts have the names under which its trainers of nnU-Net save the weights.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import torch
from torch import nn

LEVELS = 6
MARK = "conv_blocks_context."


class ResidualBlock(nn.Module):
    """Two 3x3x3 convolutions beside one of 1x1x1 or, where the width stays, the input itself."""

    def __init__(self, inputs: int, width: int, stride: Sequence[int] = (1, 1, 1), project: bool = False) -> None:
        super().__init__()
        self.conv1 = nn.Conv3d(inputs, width, 3, stride=tuple(stride), padding=1)
        self.norm1 = nn.InstanceNorm3d(width, affine=True)
        self.conv2 = nn.Conv3d(width, width, 3, padding=1)
        self.norm2 = nn.InstanceNorm3d(width, affine=True)
        self.conv3 = nn.Conv3d(inputs, width, 1, stride=tuple(stride)) if project else None
        self.act1, self.act2 = nn.LeakyReLU(0.01), nn.LeakyReLU(0.01)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        inner = self.norm2(self.conv2(self.act1(self.norm1(self.conv1(x)))))
        return self.act2(inner + (x if self.conv3 is None else self.conv3(x)))


class Upsample(nn.Module):
    """Every voxel repeated, then a 1x1x1 convolution."""

    def __init__(self, inputs: int, width: int, factor: Sequence[int]) -> None:
        super().__init__()
        self.conv = nn.Conv3d(inputs, width, 1)
        self.pool_op_kernel_size = tuple(int(n) for n in factor)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        factor = [float(n) for n in self.pool_op_kernel_size]
        return self.conv(nn.functional.interpolate(x, scale_factor=factor, mode="nearest"))


class STUNet(nn.Module):
    """Six levels; ``strides`` are the five between them, ``depths`` the blocks of each."""

    def __init__(
        self, inputs: int, classes: int, widths: Sequence[int], depths: Sequence[int], strides: Sequence[Sequence[int]]
    ) -> None:
        super().__init__()

        def stage(level: int, taken: int, stride: Sequence[int] = (1, 1, 1)) -> nn.Sequential:
            width = widths[level]
            rest = [ResidualBlock(width, width) for _ in range(depths[level] - 1)]
            return nn.Sequential(ResidualBlock(taken, width, stride, project=True), *rest)

        down = range(1, len(widths))
        up = range(len(widths) - 2, -1, -1)
        self.conv_blocks_context = nn.ModuleList(
            [stage(0, inputs), *(stage(i, widths[i - 1], strides[i - 1]) for i in down)]
        )
        self.upsample_layers = nn.ModuleList(Upsample(widths[i + 1], widths[i], strides[i]) for i in up)
        self.conv_blocks_localization = nn.ModuleList(stage(i, 2 * widths[i]) for i in up)
        # All but the last served deep supervision; they are built as checkpoints hold them.
        self.seg_outputs = nn.ModuleList(nn.Conv3d(widths[i], classes, 1) for i in up)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        skips = []
        for block in self.conv_blocks_context:
            x = block(x)
            skips.append(x)
        for i, (upsample, block) in enumerate(zip(self.upsample_layers, self.conv_blocks_localization)):
            x = block(torch.cat((upsample(x), skips[-2 - i]), dim=1))
        return self.seg_outputs[-1](x)


def stunet_of(state: dict[str, torch.Tensor], inputs: int, classes: int, strides: Sequence[Sequence[int]]) -> STUNet:
    """The STU-Net whose widths and depths these weights have; strides are the plans', five of them."""
    firsts = [state.get(f"{MARK}{level}.0.conv1.weight") for level in range(LEVELS)]
    widths = [1 if weight is None else int(weight.shape[0]) for weight in firsts]
    places = [re.match(rf"{re.escape(MARK)}(\d+)\.(\d+)\.conv1\.weight$", key) for key in state]
    depths = [max(1, sum(m is not None and int(m[1]) == level for m in places)) for level in range(LEVELS)]
    between = [list(stride) for stride in strides[1:LEVELS]]
    between += [[1, 1, 1]] * (LEVELS - 1 - len(between))
    return STUNet(inputs, classes, widths, depths, between)
