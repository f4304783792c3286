"""Do the exported files of tasks 2 and 3 say what the PyTorch networks say?"""

from __future__ import annotations

import pathlib
from dataclasses import dataclass

import numpy as np
import onnxruntime
import torch

from errors import ExportError
from icare_model import predict_bag
from multimodal import PredictionNetwork

# Rounding of float32 sums in another order stays two decades below this; a wrong weight does not.
MAX_RELATIVE_DIFFERENCE = 1e-4


@dataclass(frozen=True)
class VectorComparison:
    """One patient through both runtimes; differences are relative to the largest output."""

    input: str
    largest_output: float
    max_relative_difference: float
    risk: float | None = None
    risk_difference: float | None = None


def sample_patients(network: PredictionNetwork, size: int, seed: int = 2025):
    """Seeded images in 0..1 with a record each: noise, a head-like ellipsoid with hot spots, air."""
    generator = np.random.default_rng(seed)
    shape = (1, network.channels, size, size, size)
    records = generator.standard_normal((3, network.clinical)).astype(np.float32)
    records[1] = generator.integers(0, 2, network.clinical)
    images = {
        "noise": generator.random(shape, dtype=np.float32),
        "phantom": _phantom(shape, generator),
        "air": np.zeros(shape, dtype=np.float32),
    }
    return {name: (image, records[i : i + 1]) for i, (name, image) in enumerate(images.items())}


def _phantom(shape: tuple[int, ...], generator: np.random.Generator) -> np.ndarray:
    line = np.linspace(-1, 1, shape[-1], dtype=np.float32)
    a, b, c = np.meshgrid(line, line, line, indexing="ij")
    body = a**2 / 0.6 + b**2 / 0.5 + c**2 < 1
    image = np.where(body, 0.5, 0.02) + 0.02 * generator.standard_normal(shape)
    for channel in range(1, shape[1]):
        image[0, channel] *= 0.2
        for x, y, z in generator.uniform(-0.5, 0.5, (4, 3)):
            image[0, channel] += 0.7 * np.exp(-((a - x) ** 2 + (b - y) ** 2 + (c - z) ** 2) / 0.02)
    return np.clip(image, 0, 1).astype(np.float32)


def compare_predictions(
    network: PredictionNetwork, file: pathlib.Path, size: int, bag: dict | None, threads: int = 0
) -> list[VectorComparison]:
    """Runs every sample patient through PyTorch and onnxruntime, and the features through ICARE."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    results = []
    for name, (image, record) in sample_patients(network, size).items():
        with torch.inference_mode():
            expected = network.module(torch.from_numpy(image), torch.from_numpy(record)).numpy()
        given = {"image": image, "clinical": record} if network.clinical else {"image": image}
        (actual,) = session.run([network.output], given)
        if expected.shape != actual.shape:
            raise ExportError(f"the file gives {actual.shape}, PyTorch {expected.shape}")
        largest = float(np.abs(expected).max())
        difference = float(np.abs(expected - actual).max()) / max(largest, 1e-12)
        risks = [predict_bag(bag, vector[0]) for vector in (expected, actual)] if bag else [None, None]
        apart = abs(risks[0] - risks[1]) if bag else None
        results.append(VectorComparison(name, largest, difference, risks[0], apart))
    return results


def assert_prediction_parity(file: str, results: list[VectorComparison]) -> None:
    """Raises ExportError when outputs differ more than rounding explains."""
    for r in results:
        if not r.max_relative_difference <= MAX_RELATIVE_DIFFERENCE:
            raise ExportError(
                f"{file} disagrees with PyTorch on '{r.input}': outputs differ by up to "
                f"{r.max_relative_difference:.1e} of the largest (limit {MAX_RELATIVE_DIFFERENCE:.0e})",
                "export with --graph plain; nothing was written",
            )


def prediction_markdown(title: str, facts: dict[str, str], models: dict[str, list[VectorComparison]]) -> str:
    """The report for people."""
    lines = [f"# Parity report: {title}", "", *(f"- {key}: {value}" for key, value in facts.items())]
    lines += [f"- limit: outputs differ by at most {MAX_RELATIVE_DIFFERENCE:.0e} of the largest one"]
    for file, results in models.items():
        lines += ["", f"## {file}", "", "| input | largest output | relative difference | risk | risk differs by |"]
        lines += ["|---|---:|---:|---:|---:|"]
        lines += [
            f"| {r.input} | {r.largest_output:.4f} | {r.max_relative_difference:.2e} | "
            + (f"{r.risk:.6f} | {r.risk_difference:.2e} |" if r.risk is not None else "| |")
            for r in results
        ]
    return "\n".join(lines) + "\n"
