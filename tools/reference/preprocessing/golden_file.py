"""One JSON file of facts beside one little-endian binary file of arrays."""

import json
from pathlib import Path

import monai
import numpy as np
import SimpleITK as sitk
import torch

GOLDEN = Path(__file__).resolve().parents[3] / "libs" / "preprocessing" / "golden"


class GoldenFile:
    """Collects arrays and facts and writes `<name>.json` and `<name>.bin`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.chunks: list[bytes] = []
        self.length = 0

    def array(self, values: np.ndarray) -> dict:
        """Stores an array and returns where it is."""
        values = np.ascontiguousarray(values)
        raw = values.astype(values.dtype.newbyteorder("<")).tobytes()
        entry = {"type": values.dtype.name, "offset": self.length, "count": int(values.size)}
        padding = -len(raw) % 8
        self.chunks.append(raw + bytes(padding))
        self.length += len(raw) + padding
        return entry

    def volume(self, image: sitk.Image) -> dict:
        """Stores an image, x fastest."""
        return {**grid(image), "data": self.array(sitk.GetArrayFromImage(image))}

    def write(self, facts: dict) -> None:
        versions = {
            "SimpleITK": sitk.Version_VersionString(),
            "monai": monai.__version__,
            "numpy": np.__version__,
            "torch": torch.__version__,
        }
        GOLDEN.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"versions": versions, **facts}, indent=1)
        (GOLDEN / f"{self.name}.json").write_text(text + "\n")
        (GOLDEN / f"{self.name}.bin").write_bytes(b"".join(self.chunks))


def grid(image: sitk.Image) -> dict:
    """The grid of an image, as the library describes it."""
    return {
        "size": list(image.GetSize()),
        "spacing": list(image.GetSpacing()),
        "origin": list(image.GetOrigin()),
        "direction": list(image.GetDirection()),
    }
