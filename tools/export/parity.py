"""Does the exported file say what the PyTorch network says?"""

from __future__ import annotations

import pathlib
from dataclasses import asdict, dataclass

import numpy as np
import onnxruntime
import torch

from errors import ExportError

# Float32 sums in another order differ by about 1e-6 of the largest logit per layer; these limits
# leave room for depth and would still catch any wrong weight or operator. Labels differ only where
# two logits are closer than that, which noise and padding make common.
MAX_RELATIVE_DIFFERENCE = 1e-3
MIN_AGREEMENT = 0.999


@dataclass(frozen=True)
class Comparison:
    """One input window through both runtimes."""

    input: str
    largest_logit: float
    max_abs_difference: float
    mean_abs_difference: float
    voxel_agreement: float


def sample_windows(shape: tuple[int, ...], seed: int = 2025) -> dict[str, np.ndarray]:
    """Seeded windows [1, channels, a, b, c]: noise, two phantom-like heads (one cut off by padding),
    and padding alone, where every spread is small and rounding shows most."""
    generator = np.random.default_rng(seed)
    windows = {"noise": generator.standard_normal(shape, dtype=np.float32)}
    windows["phantom"] = _phantom(shape, generator)
    windows["phantom in padding"] = _phantom(shape, generator)
    windows["phantom in padding"][..., shape[-1] * 2 // 3 :] = 0
    windows["padding"] = np.zeros(shape, dtype=np.float32)
    return windows


def _phantom(shape: tuple[int, ...], generator: np.random.Generator) -> np.ndarray:
    """An ellipsoid of tissue with noise (CT scaled to -6..6) and hot spots (PET z-scored)."""
    size = shape[2:]
    grid = np.meshgrid(*[np.linspace(-1, 1, n, dtype=np.float32) for n in size], indexing="ij")

    def ball(centre: np.ndarray, radius: np.ndarray | float) -> np.ndarray:
        return sum(((g - c) / r) ** 2 for g, c, r in zip(grid, centre, np.broadcast_to(radius, 3)))

    body = ball(np.zeros(3), np.array([0.8, 0.7, 1.4])) < 1
    ct = np.where(body, 1.0, -6.0) + 0.3 * generator.standard_normal(size)
    ct[ball(generator.uniform(-0.3, 0.3, 3), 0.15) < 1] = 6.0
    pet = np.where(body, 0.2, -0.6) + 0.1 * generator.standard_normal(size)
    for _ in range(4):
        pet += generator.uniform(3, 12) * np.exp(-ball(generator.uniform(-0.6, 0.6, 3), 0.12))
    rest = [generator.standard_normal(size) for _ in range(shape[1] - 2)]
    channels = [np.clip(ct, -6, 6), pet, *rest][: shape[1]]
    return np.stack(channels)[None].astype(np.float32)


def compare(
    module: torch.nn.Module, file: pathlib.Path, shape: tuple[int, ...], threads: int = 0, regions: bool = False
) -> list[Comparison]:
    """Runs every sample window through PyTorch and through onnxruntime.

    ``regions``: each output is a sigmoid of its own, so labels agree where all signs do.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    results = []
    for name, window in sample_windows(shape).items():
        with torch.inference_mode():
            expected = module(torch.from_numpy(window)).numpy()
        if not np.isfinite(expected).all():
            raise ExportError(
                f"{file.name}: PyTorch's own logits are NaN or infinite on '{name}'",
                "use a checkpoint saved earlier, and check the numbers of its layers, such as eps",
            )
        (actual,) = session.run(["logits"], {"input": window})
        results.append(compare_one(name, expected, actual, regions))
    return results


def compare_one(name: str, expected: np.ndarray, actual: np.ndarray, regions: bool = False) -> Comparison:
    """Logits of PyTorch against those of the file."""
    if expected.shape != actual.shape:
        raise ExportError(f"the file gives logits {actual.shape}, PyTorch {expected.shape}")
    difference = np.abs(expected - actual)
    same = ((expected > 0) == (actual > 0)).all(1) if regions else expected.argmax(1) == actual.argmax(1)
    return Comparison(
        input=name,
        largest_logit=float(np.abs(expected).max()),
        max_abs_difference=float(difference.max()),
        mean_abs_difference=float(difference.mean()),
        voxel_agreement=float(same.mean()),
    )


def assert_parity(file: str, results: list[Comparison], fix: str) -> None:
    """Raises ExportError when a window's logits or labels differ more than rounding explains."""
    for r in results:
        limit = MAX_RELATIVE_DIFFERENCE * max(1.0, r.largest_logit)
        if not r.max_abs_difference <= limit or r.voxel_agreement < MIN_AGREEMENT:
            raise ExportError(
                f"{file} disagrees with PyTorch on '{r.input}': logits differ by up to "
                f"{r.max_abs_difference:.2e} (limit {limit:.0e}), {r.voxel_agreement:.4%} of the "
                "voxels get the same label",
                f"{fix}; nothing was written",
            )


def as_json(results: list[Comparison]) -> list[dict]:
    return [asdict(result) for result in results]


def as_markdown(title: str, facts: dict[str, str], models: dict[str, list[Comparison]]) -> str:
    """The report for people."""
    lines = [f"# Parity report: {title}", ""]
    lines += [f"- {key}: {value}" for key, value in facts.items()]
    for file, results in models.items():
        lines += ["", f"## {file}", ""]
        lines += ["| input | largest logit | max difference | mean difference | same label |"]
        lines += ["|---|---:|---:|---:|---:|"]
        lines += [
            f"| {r.input} | {r.largest_logit:.3f} | {r.max_abs_difference:.2e} "
            f"| {r.mean_abs_difference:.2e} | {r.voxel_agreement:.4%} |"
            for r in results
        ]
    return "\n".join(lines) + "\n"
