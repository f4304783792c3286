"""The networks of Tasks 2 and 3, with the names that their checkpoints use."""

from __future__ import annotations

import torch
from monai.networks.nets import resnet18
from torch import nn

IMAGE_FEATURES = 512


def backbone() -> nn.Module:
    network = resnet18(spatial_dims=3, n_input_channels=2, num_classes=2)
    network.fc = nn.Identity()
    return network


def layers(*sizes: int, norm: bool) -> list[nn.Module]:
    """Linear, ReLU and, in Task 2, batch norm and dropout between each two sizes."""
    found: list[nn.Module] = []
    for before, after in zip(sizes, sizes[1:]):
        found += [nn.Linear(before, after), nn.ReLU()]
        if norm:
            found += [nn.BatchNorm1d(after), nn.Dropout(0.3)]
    return found


class FeatureExtractor(nn.Module):
    """Task 2: image and clinical vector to the features of a fold."""

    def __init__(self, clinical: int, features: int) -> None:
        super().__init__()
        self.imaging_backbone = backbone()
        self.clinical_processor = nn.Sequential(
            *layers(clinical, 64, 64, norm=True), *layers(64, 32, norm=False)
        )
        self.feature_fusion = nn.Sequential(
            *layers(IMAGE_FEATURES + 32, 512, 256, norm=True), nn.Linear(256, features)
        )
        self.risk_head = nn.Sequential(
            nn.Linear(features, 64), nn.ReLU(), nn.Dropout(0.2), nn.Linear(64, 1)
        )

    def forward(self, image: torch.Tensor, clinical: torch.Tensor) -> torch.Tensor:
        seen = torch.cat([self.imaging_backbone(image), self.clinical_processor(clinical)], dim=1)
        return self.feature_fusion(seen)


class Classifier(nn.Module):
    """Task 3: image and clinical vector to two logits."""

    def __init__(self, clinical: int) -> None:
        super().__init__()
        self.img_model = backbone()
        self.clin_model = nn.Sequential(*layers(clinical, 64, 32, norm=False))
        self.classifier = nn.Sequential(*layers(IMAGE_FEATURES + 32, 128, norm=False), nn.Linear(128, 2))

    def forward(self, image: torch.Tensor, clinical: torch.Tensor) -> torch.Tensor:
        return self.classifier(torch.cat([self.img_model(image), self.clin_model(clinical)], dim=1))
