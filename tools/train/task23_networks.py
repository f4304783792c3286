"""The networks of tasks 2 and 3 in the arrangement and under the names of the challenge's training
code, with narrower layers, so that they train in minutes on a CPU and weigh little."""

import torch
from monai.networks.nets import ResNet
from torch import nn

IMAGE_SIZE = 48
# Edge of the first block's output, where lesions are looked for while the backbone is trained.
PLACES = 12
WIDTHS = (6, 12, 24, 48)
# What weights do not show; kept in the checkpoints.
MODEL_CONFIG = {"image_size": IMAGE_SIZE, "conv1_t_stride": 2, "no_max_pool": False}


def backbone() -> ResNet:
    """ResNet-18 that gives its pooled features."""
    network = ResNet(
        "basic", [2, 2, 2, 2], list(WIDTHS), n_input_channels=2, num_classes=2,
        conv1_t_stride=MODEL_CONFIG["conv1_t_stride"], no_max_pool=MODEL_CONFIG["no_max_pool"],
    )  # fmt: skip
    network.fc = nn.Identity()
    return network


class Pretraining(nn.Module):
    """The backbone with what is asked of it first: where lesions are, and what they are like."""

    def __init__(self, signs: int) -> None:
        super().__init__()
        self.backbone = backbone()
        self.places = nn.Conv3d(WIDTHS[0], 2, 1)
        self.signs = nn.Linear(WIDTHS[-1], signs)

    def forward(self, images):
        b = self.backbone
        near = b.layer1(b.maxpool(b.act(b.bn1(b.conv1(images)))))
        far = b.layer4(b.layer3(b.layer2(near)))
        return self.places(near), self.signs(b.avgpool(far).flatten(1))


class Task2Network(nn.Module):
    """Images and record -> features -> risk."""

    def __init__(self, clinical: int, features: int = 32) -> None:
        super().__init__()
        self.imaging_backbone = backbone()
        self.clinical_processor = nn.Sequential(
            nn.Linear(clinical, 32), nn.ReLU(), nn.BatchNorm1d(32), nn.Dropout(0.2),
            nn.Linear(32, 32), nn.ReLU(), nn.BatchNorm1d(32), nn.Dropout(0.1),
            nn.Linear(32, 16), nn.ReLU(),
        )  # fmt: skip
        self.feature_fusion = nn.Sequential(
            nn.Linear(WIDTHS[-1] + 16, 128), nn.ReLU(), nn.BatchNorm1d(128), nn.Dropout(0.4),
            nn.Linear(128, 64), nn.ReLU(), nn.BatchNorm1d(64), nn.Dropout(0.2),
            nn.Linear(64, features),
        )  # fmt: skip
        self.risk_head = nn.Sequential(nn.Linear(features, 32), nn.ReLU(), nn.Dropout(0.1), nn.Linear(32, 1))

    def forward(self, images, clinical):
        return self.judge(self.imaging_backbone(images), clinical)

    def judge(self, seen, clinical):
        """What follows the backbone: features and risk."""
        features = self.feature_fusion(torch.cat([seen, self.clinical_processor(clinical)], dim=1))
        return features, self.risk_head(features).squeeze(-1)


class Task3Network(nn.Module):
    """Images and record -> two logits."""

    def __init__(self, clinical: int) -> None:
        super().__init__()
        self.img_model = backbone()
        self.clin_model = nn.Sequential(nn.Linear(clinical, 32), nn.ReLU(), nn.Linear(32, 16), nn.ReLU())
        self.classifier = nn.Sequential(nn.Linear(WIDTHS[-1] + 16, 64), nn.ReLU(), nn.Linear(64, 2))

    def forward(self, images, clinical):
        return self.judge(self.img_model(images), clinical)

    def judge(self, seen, clinical):
        """What follows the backbone: the logits."""
        return self.classifier(torch.cat([seen, self.clin_model(clinical)], dim=1))
