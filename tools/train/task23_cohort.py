"""Reads the synthetic cohort's tables and prepared images; draws augmented batches."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import torch

TASK2_CATEGORIES = [
    "Gender", "Tobacco Consumption", "Alcohol Consumption", "Performance Status", "M-stage", "Treatment",
]  # fmt: skip
TASK3_CATEGORIES = ["Tobacco Consumption", "Alcohol Consumption", "Performance Status", "M-stage"]


class Cohort:
    """Patients in one order: the table of a task, the truth of the generator, images in memory."""

    def __init__(self, folders: list[Path], images: list[Path], task: int, masks: bool = False) -> None:
        tables = [pd.read_csv(f / f"HECKTOR_2025_Training_Task_{task}.csv") for f in folders]
        truth = [json.loads(line) for f in folders for line in (f / "truth.jsonl").open()]
        names = [name for path in images for name in json.loads(path.with_suffix(".json").read_text())]
        self.table = pd.concat(tables).set_index("PatientID").loc[names].reset_index()
        self.truth = pd.DataFrame(truth).set_index("id").loc[names].reset_index()
        load = lambda kind: torch.from_numpy(np.concatenate([np.load(p.with_suffix(kind)) for p in images]))
        self.images = load(".npy")
        self.masks = load(".masks.npy") if masks else None

    def keep(self, chosen) -> None:
        """Drops all other patients."""
        chosen = np.asarray(chosen)
        self.table = self.table[chosen].reset_index(drop=True)
        self.truth = self.truth[chosen].reset_index(drop=True)
        self.images = self.images[torch.from_numpy(chosen)]


def as_text(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Categories as text, a missing value as "Unknown", as the challenge's training does."""
    return pd.DataFrame(
        {c: ["Unknown" if pd.isna(v) else str(v) for v in table[c].tolist()] for c in columns}
    )


def standardised(values) -> torch.Tensor:
    values = np.asarray(values, np.float32)
    return torch.from_numpy((values - values.mean(0)) / values.std(0))


def augmented(images: torch.Tensor, random: np.random.Generator, masks: torch.Tensor | None = None):
    """Mirrored left to right, moved a little (by cells of the masks), PET brighter or darker."""
    out = images.float()
    moved = None if masks is None else masks.float()
    for i in range(len(out)):
        mirror, cells = random.random() < 0.5, [int(v) for v in random.integers(-1, 2, 3)]
        for part, step in ((out, 2 if masks is None else images.shape[-1] // masks.shape[-1]), (moved, 1)):
            if part is None:
                continue
            if mirror:
                part[i] = part[i].flip(3)
            part[i] = torch.roll(part[i], [step * c for c in cells], (1, 2, 3))
        out[i, 1] *= random.uniform(0.85, 1.15)
    return out if moved is None else (out, moved)


@torch.inference_mode()
def image_features(backbone, images: torch.Tensor, random: np.random.Generator, copies: int) -> torch.Tensor:
    """Features of the images as they are and of further augmented copies: copies + 1 x patients x n."""
    backbone.eval()
    rounds = []
    for copy in range(copies + 1):
        parts = images.split(32)
        seen = [backbone(augmented(part, random) if copy else part.float()) for part in parts]
        rounds.append(torch.cat(seen))
    return torch.stack(rounds).clone()


def batches(count: int, size: int, random: np.random.Generator):
    """Shuffled indices in batches; the last one is left out when it is small."""
    order = random.permutation(count)
    for start in range(0, count, size):
        chosen = order[start : start + size]
        if len(chosen) >= max(2, size // 2):
            yield torch.from_numpy(chosen)
