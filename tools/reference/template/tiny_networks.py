"""Networks with the names and the arrangement of the challenge's tasks 2 and 3, and seeded weights."""

from __future__ import annotations

import argparse
from collections import OrderedDict
from collections.abc import Sequence

import torch
from monai.networks.nets import ResNet
from torch import nn

BASELINE_PLANES, TINY_PLANES = (64, 128, 256, 512), (8, 16, 32, 64)


def add_size_options(parser: argparse.ArgumentParser) -> None:
    """--planes, or --full for the baseline's."""
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--planes", type=int, nargs=4, default=TINY_PLANES, help="widths of the backbone's stages")
    group.add_argument(
        "--full", dest="planes", action="store_const", const=BASELINE_PLANES, help="the baseline's width"
    )


def resnet18(planes: Sequence[int]) -> tuple[ResNet, int]:
    """The backbone without its last layer, and its width."""
    network = ResNet("basic", [2, 2, 2, 2], list(planes), n_input_channels=2, feed_forward=False)
    return network, planes[-1]


class Named(nn.Module):
    """Parts under given names: images, record, fusion and, if there is one, a risk head."""

    def __init__(self, parts: OrderedDict[str, nn.Module]) -> None:
        super().__init__()
        for name, part in parts.items():
            self.add_module(name, part)
        self.order = list(parts)

    def forward(self, images: torch.Tensor, records: torch.Tensor) -> torch.Tensor:
        image, clinical, fusion = (getattr(self, name) for name in self.order[:3])
        return fusion(torch.cat([image(images), clinical(records)], dim=1))


def layers(widths: list[int], drops: list[float] | None, relu_at_end: bool) -> nn.Sequential:
    """Linear layers with ReLUs between them; with ``drops`` also a batch norm and a dropout."""
    found: list[nn.Module] = []
    for i, (a, b) in enumerate(zip(widths, widths[1:])):
        found.append(nn.Linear(a, b))
        last = i == len(widths) - 2
        if not last or relu_at_end:
            found.append(nn.ReLU())
        if not last and drops:
            found += [nn.BatchNorm1d(b), nn.Dropout(drops[i])]
    return nn.Sequential(*found)


def task2_network(clinical: int, planes: Sequence[int], features: int = 128) -> Named:
    """ResNet-18 and a record of ``clinical`` numbers, to ``features`` features."""
    backbone, width = resnet18(planes)
    risk = nn.Sequential(nn.Linear(features, 64), nn.ReLU(), nn.Dropout(0.2), nn.Linear(64, 1))
    return Named(
        OrderedDict(
            imaging_backbone=backbone,
            clinical_processor=layers([clinical, 64, 64, 32], [0.3, 0.2], relu_at_end=True),
            feature_fusion=layers([width + 32, 512, 256, features], [0.4, 0.3], relu_at_end=False),
            risk_head=risk,
        )
    )


def task3_network(clinical: int, planes: Sequence[int], classes: int = 2) -> Named:
    """ResNet-18 and a record of ``clinical`` numbers, to logits."""
    backbone, width = resnet18(planes)
    return Named(
        OrderedDict(
            img_model=backbone,
            clin_model=layers([clinical, 64, 32], None, relu_at_end=True),
            classifier=layers([width + 32, 128, classes], None, relu_at_end=False),
        )
    )


def seeded(network: Named, seed: int) -> Named:
    """Random weights, and norms that are not the identity."""
    torch.manual_seed(seed)
    for module in network.modules():
        if isinstance(module, nn.Conv3d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        if isinstance(module, nn.Linear):
            nn.init.kaiming_normal_(module.weight)
            nn.init.uniform_(module.bias, -0.2, 0.2)
        if isinstance(module, (nn.BatchNorm3d, nn.BatchNorm1d)):
            nn.init.uniform_(module.weight, 0.6, 1.4)
            nn.init.normal_(module.bias, 0, 0.2)
    return network


def calibrate(network: Named, clinical: int, seed: int, count: int = 6) -> tuple[torch.Tensor, torch.Tensor]:
    """Norms get the statistics of synthetic patients, the outputs mean 0 and spread 1; eval mode.

    Returns the patients: images [n, 2, 32, 32, 32] in 0..1 and records [n, clinical].
    """
    generator = torch.Generator().manual_seed(seed)
    line = torch.linspace(-1, 1, 32)
    a, b, c = torch.meshgrid(line, line, line, indexing="ij")
    images, records = [], []
    for _ in range(count):
        x, y, z, width = (torch.rand(4, generator=generator) - 0.5).tolist()
        ct = ((a**2 / 0.6 + b**2 / 0.5 + c**2) < 1).float() * (0.6 + width * 0.2)
        ct = (ct + 0.03 * torch.rand(ct.shape, generator=generator)).clamp(0, 1)
        pet = torch.exp(-((a - x) ** 2 + (b - y) ** 2 + (c - z) ** 2) / (0.06 + 0.05 * abs(width)))
        images.append(torch.stack([ct, pet]))
        record = (torch.rand(clinical, generator=generator) < 0.3).float()
        record[0] = torch.randn(1, generator=generator)
        records.append(record)
    batch = torch.stack(images), torch.stack(records)
    for module in network.modules():
        if isinstance(module, (nn.BatchNorm3d, nn.BatchNorm1d)):
            module.momentum = None
    with torch.inference_mode():
        network.train()
        network(*batch)
    network.eval()
    with torch.inference_mode():
        result = network(*batch)
    last = getattr(network, network.order[2])[-1]
    last.weight.data.div_(result.std(0)[:, None])
    last.bias.data.copy_((last.bias.data - result.mean(0)) / result.std(0))
    return batch
