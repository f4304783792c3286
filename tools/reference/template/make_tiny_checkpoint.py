#!/usr/bin/env python3
"""A small SegResNet with seeded weights, in the template's checkpoint format, for quick goldens.

    python tools/reference/template/make_tiny_checkpoint.py tiny.pth
"""

from __future__ import annotations

import sys

import torch
from monai.networks.nets import SegResNet

SEED = 2025
SETTINGS = {"init_filters": 8, "blocks_down": (1, 1), "blocks_up": (1,), "dropout_prob": 0.2}


def make_network() -> SegResNet:
    """Random weights, blurring rather than noisy, so that labels come in regions."""
    torch.manual_seed(SEED)
    network = SegResNet(in_channels=2, out_channels=3, **SETTINGS)
    for module in network.modules():
        if isinstance(module, torch.nn.Conv3d):
            torch.nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
            blur = module.weight.data.mean(dim=(2, 3, 4), keepdim=True)
            module.weight.data.mul_(0.3).add_(blur, alpha=3.0)
        if isinstance(module, torch.nn.GroupNorm):
            module.weight.data.uniform_(0.5, 1.5)
            module.bias.data.normal_(0, 0.3)
    network.eval()
    with torch.inference_mode():
        logits = network(_patient())[0].flatten(1)
    # Each class's logit is centred and scaled, so that no class wins everywhere.
    last = network.conv_final[2].conv
    last.weight.data.div_(logits.std(dim=1).view(-1, 1, 1, 1, 1))
    last.bias.data.copy_((last.bias.data - logits.mean(dim=1)) / logits.std(dim=1))
    return network


def _patient() -> torch.Tensor:
    """A window [1, 2, 64, 64, 64]: an ellipsoid of tissue with bone and uptake, in air."""
    line = torch.linspace(-1, 1, 64)
    a, b, c = torch.meshgrid(line, line, line, indexing="ij")
    ct = torch.where(a**2 / 0.5 + b**2 / 0.4 + c**2 < 1, 1.0, -6.0)
    ct[a**2 + (b - 0.2) ** 2 + c**2 < 0.05] = 6.0
    pet = 8 * torch.exp(-20 * ((a + 0.2) ** 2 + b**2 + (c - 0.3) ** 2)) - 0.2
    return torch.stack([ct, pet])[None]


def main() -> int:
    network = make_network()
    config = {
        "experiment_name": "segresnet",
        "spatial_size": (128, 128, 128),
        "input_channels": 2,
        "num_classes": 3,
        **SETTINGS,
    }
    state = {f"segresnet.{key}": value for key, value in network.state_dict().items()}
    torch.save({"epoch": 0, "model_state_dict": state, "model_config": config}, sys.argv[1])
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
