"""Train the demo's SegResNet on prepared phantoms; writes a checkpoint in the template's format.

Time-boxed (`--minutes`), so that it fits any machine: the learning rate is constant for 70% of the
budget and then falls along a cosine. Weights are averaged exponentially; the average is what is saved. New files in the
data folder are picked up while training runs. The first part sees small patches, which are cheap; the
rest sees windows as large as inference does.
"""

import argparse
import math
import time
from pathlib import Path

import numpy as np
import torch
from monai.networks.nets import SegResNet

CONFIG = {
    "experiment_name": "segresnet",
    "input_channels": 2,
    "num_classes": 3,
    "spatial_size": [96, 96, 96],
    "init_filters": 8,
    "blocks_down": [1, 2, 2, 4],
    "blocks_up": [1, 1, 1],
    "dropout_prob": 0.0,
}


class Segmenter(torch.nn.Module):
    """Holds the network under the name that checkpoints of the challenge's template use."""

    def __init__(self) -> None:
        super().__init__()
        self.segresnet = SegResNet(
            spatial_dims=3,
            init_filters=CONFIG["init_filters"],
            in_channels=CONFIG["input_channels"],
            out_channels=CONFIG["num_classes"],
            blocks_down=CONFIG["blocks_down"],
            blocks_up=CONFIG["blocks_up"],
            dropout_prob=CONFIG["dropout_prob"],
        )

    def forward(self, x):
        return self.segresnet(x)


class Cases:
    """Patches around primaries and nodes (40% each) and anywhere (20%)."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.random = np.random.default_rng(seed)
        self.cases = {}

    def rescan(self) -> None:
        for path in sorted(self.folder.glob("*.image.npy")):
            name = path.name.split(".")[0]
            if name in self.cases:
                continue
            label = np.load(self.folder / f"{name}.label.npy")
            points = {}
            for value in (1, 2):
                found = np.argwhere(label == value)
                if len(found):
                    keep = self.random.choice(len(found), min(4000, len(found)), replace=False)
                    points[value] = found[keep]
            self.cases[name] = (np.load(path, mmap_mode="r"), label, points)

    def draw(self, patch: int):
        random = self.random
        image, label, points = self.cases[random.choice(list(self.cases))]
        want = random.choice([0, 1, 2], p=[0.2, 0.4, 0.4])
        shape = np.array(label.shape)
        if want in points:
            centre = points[want][random.integers(len(points[want]))]
            centre = centre + random.integers(-patch // 3, patch // 3 + 1, 3)
        else:
            centre = random.integers(0, shape)
        start = np.clip(centre - patch // 2, 0, np.maximum(shape - patch, 0))
        box = tuple(slice(s, s + patch) for s in start)
        x = torch.from_numpy(np.array(image[(slice(None), *box)], dtype=np.float32))
        y = torch.from_numpy(np.array(label[box]))[None]
        if random.random() < 0.5:
            x, y = x.flip(2), y.flip(2)
        x[0] = (x[0] * random.uniform(0.93, 1.07) + random.uniform(-0.25, 0.25)).clamp(-6, 6)
        x[1] = x[1] * random.uniform(0.85, 1.18) + random.uniform(-0.05, 0.05)
        return x, y


def draw_batch(cases: Cases, size: int, patch: int):
    pairs = [cases.draw(patch) for _ in range(size)]
    return torch.stack([p[0] for p in pairs]), torch.stack([p[1] for p in pairs])


def loss_of(logits, target, lesion_weight):
    """Weighted cross-entropy plus Dice of the lesions over the whole batch.

    The smoothing of 20 voxels keeps the Dice of a lesion that is absent from punishing every
    guess as hard as a total miss.
    """
    target = target[:, 0].long()
    entropy = torch.nn.functional.cross_entropy(
        logits, target, weight=torch.tensor([1.0, lesion_weight, lesion_weight])
    )
    share = logits.softmax(1)
    dice = 0.0
    for label in (1, 2):
        truth = (target == label).float()
        both = (share[:, label] * truth).sum()
        dice = dice + 1 - (2 * both + 20) / (share[:, label].sum() + truth.sum() + 20)
    return entropy + dice / 2


def save(path: Path, average: dict, step: int) -> None:
    part = path.with_suffix(".part")
    torch.save({"model_state_dict": average, "model_config": CONFIG, "step": step}, part)
    part.replace(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--patch", type=int, default=48, help="edge of the first, small patches")
    parser.add_argument("--large", type=int, default=96, help="edge of the last, large patches")
    parser.add_argument("--small-share", type=float, default=0.75, help="of the time on small ones")
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--start", type=Path, help="checkpoint to go on from")
    parser.add_argument("--lesion-weight", type=float, default=3.0, help="in the cross-entropy")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--cases", type=int, default=4, help="start once so many are prepared")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    cases = Cases(options.data, options.seed)
    while len(cases.cases) < options.cases:
        cases.rescan()
        time.sleep(2)
    model = Segmenter()
    if options.start:
        saved = torch.load(options.start, weights_only=True)
        model.load_state_dict(saved["model_state_dict"])
    optimiser = torch.optim.AdamW(model.parameters(), lr=options.rate, weight_decay=1e-4)
    average = {name: value.clone() for name, value in model.state_dict().items()}
    begin, step, running = time.monotonic(), 0, 0.0
    while (done := (time.monotonic() - begin) / (60 * options.minutes)) < 1:
        fall = max(0.0, (done - 0.7) / 0.3)
        rate = options.rate * min(1, (step + 1) / 40) * (0.02 + 0.49 * (1 + math.cos(math.pi * fall)))
        for group in optimiser.param_groups:
            group["lr"] = rate
        small = done < options.small_share
        patch = options.patch if small else options.large
        x, y = draw_batch(cases, options.batch if small else 1, patch)
        with torch.autocast("cpu", torch.bfloat16):
            logits = model(x)
        loss = loss_of(logits.float(), y, options.lesion_weight)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 4.0)
        optimiser.step()
        keep = min(0.995, (step + 1) / (step + 10))
        with torch.no_grad():
            for name, value in model.state_dict().items():
                average[name].lerp_(value, 1 - keep)
        step += 1
        running = loss.item() if step == 1 else 0.98 * running + 0.02 * loss.item()
        if step % 25 == 0:
            cases.rescan()
            print(
                f"step {step} loss {running:.4f} rate {rate:.2e} cases {len(cases.cases)} "
                f"minutes {(time.monotonic() - begin) / 60:.1f}",
                flush=True,
            )
        if step % 200 == 0:
            save(options.checkpoint, average, step)
    save(options.checkpoint, average, step)


if __name__ == "__main__":
    main()
