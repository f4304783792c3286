"""Golden outputs of MONAI's sliding-window inference for libs/inference.

Writes libs/inference/golden/sliding-window.json and one little-endian float32 file per case.
Input and predictor are formulas that the TypeScript tests repeat, so only outputs are stored.

    python tools/reference/inference/make_goldens.py
"""

import json
from pathlib import Path

import monai
import numpy as np
import torch
from monai.data.utils import compute_importance_map
from monai.inferers import sliding_window_inference

GOLDEN = Path(__file__).resolve().parents[3] / "libs" / "inference" / "golden"

CASES = [
    # name, size, roi, overlap, mode, sigma scale, windows per batch
    ("odd", (13, 11, 17), (6, 5, 8), 0.5, "gaussian", 0.125, 4),
    ("odd-constant", (13, 11, 17), (6, 5, 8), 0.5, "constant", 0.125, 3),
    ("no-overlap", (12, 10, 9), (5, 4, 4), 0.0, "gaussian", 0.125, 1),
    ("high-overlap", (9, 8, 10), (6, 6, 6), 0.8, "gaussian", 0.25, 5),
    ("overlap-rounded", (14, 9, 12), (7, 7, 7), 0.3, "gaussian", 0.2, 2),
    ("roi-is-image", (9, 7, 8), (9, 7, 8), 0.5, "gaussian", 0.125, 4),
    ("roi-larger", (5, 6, 4), (8, 9, 9), 0.5, "gaussian", 0.125, 4),
    ("roi-larger-on-one-axis", (5, 13, 16), (8, 6, 8), 0.5, "gaussian", 0.125, 4),
    ("roi-larger-constant", (6, 3, 12), (7, 8, 5), 0.25, "constant", 0.125, 2),
    ("single-voxel", (1, 1, 1), (4, 3, 2), 0.5, "gaussian", 0.125, 1),
    ("per-axis", (12, 14, 11), (6, 6, 6), (0.5, 0.25, 0.7), "gaussian", (0.125, 0.2, 0.3), 7),
    ("flips", (11, 6, 14), (6, 7, 8), 0.5, "gaussian", 0.125, 2, [[2], [0, 1], [0, 1, 2]]),
]


def pattern(count: int) -> np.ndarray:
    """Values in [-0.5, 0.5) that float32 holds exactly, from the element's index."""
    index = np.arange(count, dtype=np.uint64)
    hashed = (index * np.uint64(2654435761)) & np.uint64(0xFFFFFFFF)
    return ((hashed >> np.uint64(8)).astype(np.float64) / 2**24 - 0.5).astype(np.float32)


def predict(windows: torch.Tensor) -> torch.Tensor:
    """Three classes: the first channel, and both channels times the position in the window."""
    _, _, na, nb, nc = windows.shape
    a = torch.arange(na, dtype=torch.float64).view(na, 1, 1)
    b = torch.arange(nb, dtype=torch.float64).view(1, nb, 1)
    c = torch.arange(nc, dtype=torch.float64).view(1, 1, nc)
    first, second = windows[:, :1].double(), windows[:, 1:].double()
    ramp = first * (1 + 0.5 * a - 0.25 * b + 0.125 * c)
    tilt = second * (c - 3) + a * a - 0.5 * b
    return torch.cat([first, ramp, tilt], dim=1).float()


def predict_flipped(windows: torch.Tensor, flips: list[list[int]]) -> torch.Tensor:
    """The mean over the windows as they are and each of their mirror images."""
    results = [predict(windows)]
    for flip in flips:
        axes = [axis + 2 for axis in flip]
        results.append(torch.flip(predict(torch.flip(windows, axes)), axes))
    return torch.stack(results).mean(dim=0)


def main() -> None:
    GOLDEN.mkdir(parents=True, exist_ok=True)
    cases = []
    for name, size, roi, overlap, mode, sigma, batch, *rest in CASES:
        flips = rest[0] if rest else []
        data = torch.from_numpy(pattern(2 * int(np.prod(size)))).view(1, 2, *size)
        starts: list[list[int]] = []

        def predictor(windows: torch.Tensor, coordinates: list) -> torch.Tensor:
            starts.extend([int(s.start) for s in window[2:]] for window in coordinates)
            return predict_flipped(windows, flips)

        output = sliding_window_inference(
            data, roi, batch, predictor,
            overlap=overlap, mode=mode, sigma_scale=sigma, with_coord=True,
        )
        output.numpy().astype("<f4").tofile(GOLDEN / f"{name}.bin")
        cases.append({
            "name": name, "size": size, "roi": roi, "overlap": overlap, "blend": mode,
            "sigmaScale": sigma, "windowsPerBatch": batch, "flips": flips,
            # MONAI's starts count from the padded image's corner.
            "paddedStarts": starts,
        })
    axes = []
    for roi in (1, 2, 7, 16, 96, 128):
        for overlap in (0, 0.1, 0.25, 0.5, 0.6, 0.7, 0.9):
            for length in (roi, roi + 1, 2 * roi - 1, 3 * roi + 5, 310):
                if length < roi:
                    continue
                found: list[int] = []

                def record(windows: torch.Tensor, coordinates: list) -> torch.Tensor:
                    found.extend(int(window[2].start) for window in coordinates)
                    return windows

                sliding_window_inference(
                    torch.zeros(1, 1, length), (roi,), 8, record, overlap=overlap, with_coord=True
                )
                if len(found) <= 40:
                    axes.append({"length": length, "roi": roi, "overlap": overlap, "starts": found})
    maps = []
    for roi, sigma in (((128, 128, 128), 0.125), ((96, 96, 96), 0.125), ((7, 8, 9), 0.3)):
        weights = compute_importance_map(roi, mode="gaussian", sigma_scale=sigma).double()
        middle = [n // 2 for n in roi]
        maps.append({
            "roi": roi, "sigmaScale": sigma,
            "centre": weights[tuple(middle)].item(),
            "line": weights[middle[0], middle[1]].tolist(),
            "smallest": weights.min().item(),
            "clamped": int((weights == weights.min()).sum()),
            "sum": weights.sum().item(),
        })
    document = {
        "versions": {"monai": monai.__version__, "torch": torch.__version__,
                     "numpy": np.__version__},
        "cases": cases, "axes": axes, "importanceMaps": maps,
    }
    (GOLDEN / "sliding-window.json").write_text(json.dumps(document) + "\n")


if __name__ == "__main__":
    main()
