"""Golden outputs of nnU-Net's own sliding windows for libs/inference.

Writes libs/inference/golden/nnunet/: one file of little-endian float16 logits per case, as
`nnUNetPredictor` gives them on the CPU, for some cases also its logits with sums in float32, and
windows.json. Input and network are formulas that the
TypeScript tests repeat, so only outputs are stored.

    python tools/reference/nnunet/sliding_window.py
"""

import json
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import torch
from nnunetv2.inference.predict_from_raw_data import nnUNetPredictor
from nnunetv2.inference.sliding_window_prediction import (
    compute_gaussian,
    compute_steps_for_sliding_window,
)

GOLDEN = Path(__file__).resolve().parents[3] / "libs" / "inference" / "golden" / "nnunet"

# name, size, patch, mirrored axes, scale of each fold, step, gaussian
CASES = [
    ("even", (13, 11, 17), (6, 4, 8), None, [1], 0.5, True),
    ("exact", (12, 8, 8), (8, 8, 8), None, [30], 0.5, True),
    ("one-window", (7, 6, 9), (7, 6, 9), (0, 1, 2), [1], 0.5, True),
    ("smaller-on-one-axis", (5, 13, 11), (8, 6, 7), (1, 2), [0.1], 0.5, True),
    ("smaller-on-all-axes", (5, 4, 7), (8, 7, 9), (2,), [1], 0.5, True),
    ("odd-patch", (13, 17, 7), (5, 7, 3), None, [3], 0.5, True),
    ("folds", (11, 7, 13), (6, 5, 8), (0,), [1, -3, 0.7], 0.5, True),
    ("five-folds", (6, 7, 5), (4, 4, 4), None, [1, 2, 0.3, 5, 0.7], 0.5, True),
    ("subnormal", (9, 7, 8), (6, 5, 8), None, [1e-6, 3e-7], 0.5, True),
    ("constant", (9, 7, 8), (6, 5, 8), None, [1], 0.5, False),
    ("step", (14, 9, 12), (7, 7, 7), None, [1], 0.3, True),
]
# Run once more with `torch.half` standing for float32: what the package would give without rounding.
IN_FLOAT32 = ("odd-patch", "folds", "smaller-on-one-axis")
SHAPES = [(8, 8, 8), (5, 7, 3), (16, 20, 24), (48, 96, 160), (1, 2, 33), (112, 112, 64)]


def pattern(count: int) -> np.ndarray:
    """Values in [-0.5, 0.5) that float32 holds exactly, from the element's index."""
    index = np.arange(count, dtype=np.uint64)
    hashed = (index * np.uint64(2654435761)) & np.uint64(0xFFFFFFFF)
    return ((hashed >> np.uint64(8)).astype(np.float64) / 2**24 - 0.5).astype(np.float32)


class ByPosition(torch.nn.Module):
    """Three classes: the first channel, and both channels times the position in the window."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = torch.nn.Parameter(torch.ones(1))

    def forward(self, windows: torch.Tensor) -> torch.Tensor:
        _, _, na, nb, nc = windows.shape
        a = torch.arange(na, dtype=torch.float64).view(na, 1, 1)
        b = torch.arange(nb, dtype=torch.float64).view(1, nb, 1)
        c = torch.arange(nc, dtype=torch.float64).view(1, 1, nc)
        first, second = windows[:, :1].double(), windows[:, 1:].double()
        ramp = first * (1 + 0.5 * a - 0.25 * b + 0.125 * c)
        tilt = second * (c - 3) + a * a - 0.5 * b
        return torch.cat([first, ramp, tilt], dim=1).float() * self.scale


def predictor(patch, mirrored, scales, step, gaussian) -> nnUNetPredictor:
    made = nnUNetPredictor(
        tile_step_size=step, use_gaussian=gaussian, use_mirroring=mirrored is not None,
        device=torch.device("cpu"), allow_tqdm=False,
    )
    made.manual_initialization(
        ByPosition(), SimpleNamespace(get_label_manager=lambda _: LABELS),
        SimpleNamespace(patch_size=patch),
        [{"scale": torch.tensor([float(scale)])} for scale in scales], {}, "", mirrored,
    )
    return made


LABELS = SimpleNamespace(num_segmentation_heads=3)


def main() -> None:
    GOLDEN.mkdir(parents=True, exist_ok=True)
    cases = []
    for name, size, patch, mirrored, scales, step, gaussian in CASES:
        data = torch.from_numpy(pattern(2 * int(np.prod(size)))).view(2, *size)
        made = predictor(patch, mirrored, scales, step, gaussian)
        logits = made.predict_logits_from_preprocessed_data(data)
        assert logits.dtype == torch.half and logits.shape[1:] == size
        logits.numpy().astype("<f2").tofile(GOLDEN / f"{name}.bin")
        if name in IN_FLOAT32:
            torch.half = torch.float32
            exact = made.predict_logits_from_preprocessed_data(data)
            torch.half = torch.float16
            assert exact.dtype == torch.float32
            exact.numpy().astype("<f4").tofile(GOLDEN / f"{name}-float32.bin")
        cases.append({"name": name, "size": size, "patch": patch, "mirrored": mirrored or [],
                      "scales": scales, "step": step, "gaussian": gaussian})
    overflow = "no error"
    try:
        data = torch.from_numpy(pattern(2 * 512)).view(2, 8, 8, 8)
        predictor((8, 8, 8), None, [3000], 0.5, True).predict_logits_from_preprocessed_data(data)
    except RuntimeError as error:
        overflow = str(error)
    assert "Encountered inf" in overflow
    axes = [
        {"length": length, "roi": roi, "step": step,
         "starts": compute_steps_for_sliding_window((length,), (roi,), step)[0]}
        for roi in (1, 2, 7, 16, 96, 112, 128) for step in (0.5, 0.3, 0.75, 1)
        for length in (roi, roi + 1, 2 * roi - 1, 3 * roi + 5, 310) if roi <= length <= 40 * roi
    ]
    maps = []
    for shape in SHAPES:
        weights = compute_gaussian(shape, value_scaling_factor=10, device=torch.device("cpu"))
        bits = weights.numpy().view(np.uint16).ravel()
        place = np.arange(bits.size, dtype=np.uint64) % np.uint64(8191) + np.uint64(1)
        maps.append({"shape": shape, "checksum": int((bits.astype(np.uint64) * place).sum())})
    halves = rounding()
    document = {
        "versions": {name: version(name) for name in ("nnunetv2", "torch", "numpy", "scipy")},
        "cases": cases, "axes": axes, "weights": maps, "rounding": halves,
    }
    (GOLDEN / "windows.json").write_text(json.dumps(document) + "\n")


def rounding() -> list[list[int]]:
    """Bits of float32 values and of their float16: edges, ties and a seeded sample."""
    random = np.random.default_rng(7)
    edges = np.array([0, 1, 0x33000000, 0x33000001, 0x33800000, 0x33C00000, 0x387FC000, 0x387FE000,
                      0x387FFFFF, 0x38800000, 0x477FE000, 0x477FEFFF, 0x477FF000, 0x7F7FFFFF,
                      0x7F800000, 0x3F801000, 0x3F803000, 0x3F801001], dtype=np.uint32)
    sample = random.integers(0x32000000, 0x48000000, 400).astype(np.uint32)
    ties = (random.integers(0x33000, 0x47800, 200).astype(np.uint32) << 12) & np.uint32(0xFFFFF000)
    bits = np.concatenate([edges, sample, ties])
    bits = np.concatenate([bits, bits | np.uint32(0x80000000)])
    half = torch.from_numpy(bits.view(np.float32)).half().numpy().view(np.uint16)
    return [[int(a), int(b)] for a, b in zip(bits, half)]


if __name__ == "__main__":
    main()
