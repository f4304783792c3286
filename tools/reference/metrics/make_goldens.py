"""Golden metrics for libs/metrics from SimpleITK, scikit-image, SciPy, MONAI, lifelines, sklearn.

Writes libs/metrics/golden/masks.json (small seeded masks with their scores) and tables.json
(survival and classification tables with theirs).

    python tools/reference/metrics/make_goldens.py
"""

import json
import warnings
from pathlib import Path

import lifelines
import monai
import numpy as np
import scipy
import SimpleITK as sitk
import skimage
import sklearn
import torch
from lifelines.utils import concordance_index
from monai.metrics import compute_hausdorff_distance
from scipy.ndimage import binary_erosion
from scipy.spatial import KDTree
from skimage.measure import label as components
from sklearn import metrics

GOLDEN = Path(__file__).resolve().parents[3] / "libs" / "metrics" / "golden"
LABELS = (1, 2)
RANK = {6: 1, 18: 2, 26: 3}


def make_mask(rng: np.random.Generator, shape, blobs) -> np.ndarray:
    """A (z, y, x) mask with one ellipsoid per (label, centre, radii), rough at its rim."""
    mask = np.zeros(shape, np.uint8)
    grid = np.indices(shape)
    for label, centre, radii in blobs:
        distance = sum(((g - c) / r) ** 2 for g, c, r in zip(grid, centre, radii))
        mask[distance + rng.uniform(-0.2, 0.2, shape) < 1] = label
    return mask


def patients() -> list[tuple[np.ndarray, np.ndarray, tuple]]:
    rng = np.random.default_rng(2025)
    result = []
    spacings = [(1.0, 1.0, 1.0), (0.9765625, 0.9765625, 3.0), (2.0, 1.5, 1.25), (0.5, 2.0, 4.0)]
    for i in range(8):
        shape = tuple(int(n) for n in rng.integers(12, 20, 3))
        truth, prediction = [], []
        for label, count in ((1, 1), (2, int(rng.integers(1, 5)))):
            for _ in range(count):
                centre = rng.uniform(3, np.array(shape) - 3)
                radii = rng.uniform(1.5, 4, 3)
                truth.append((label, centre, radii))
                if rng.random() < 0.8:
                    prediction.append((label, centre + rng.uniform(-1.5, 1.5, 3), radii))
        if rng.random() < 0.6:
            prediction.append((2, rng.uniform(2, np.array(shape) - 2), rng.uniform(1, 2.5, 3)))
        result.append((make_mask(rng, shape, truth), make_mask(rng, shape, prediction),
                       spacings[i % len(spacings)]))
    blob = make_mask(rng, (6, 7, 8), [(1, (3, 3, 3), (2, 2, 2))])
    empty = np.zeros_like(blob)
    result += [(empty, empty, (1.0, 1.0, 1.0)), (blob, empty, (1.0, 1.0, 1.0)),
               (empty, blob, (1.0, 1.0, 1.0))]
    return result


def overlap(truth: np.ndarray, prediction: np.ndarray, label: int, spacing) -> dict:
    """Overlap as the evaluator of 2022 has it: from I/U to Dice to true positives in mm3."""
    images = []
    for mask in (truth, prediction):
        image = sitk.GetImageFromArray((mask == label).astype(np.uint8))
        image.SetSpacing(spacing)
        images.append(image)
    volume = float(np.prod(spacing) * ((truth == label).sum() + (prediction == label).sum()))
    if volume == 0:
        return {"dice": None, "truePositives": 0.0, "volume": 0.0}
    measures = sitk.LabelOverlapMeasuresImageFilter()
    measures.Execute(*images)
    union = measures.GetUnionOverlap(1)
    dice = 2 * union / (1 + union)
    assert abs(dice - measures.GetDiceCoefficient(1)) < 1e-12
    return {"dice": dice, "truePositives": dice * volume / 2, "volume": volume}


def detection(truth: np.ndarray, prediction: np.ndarray, label: int, connectivity: int,
              limit: float) -> list[int]:
    """True positives, false positives and false negatives by greedy matching on a full table."""
    a, count_a = components(truth == label, connectivity=RANK[connectivity], return_num=True)
    b, count_b = components(prediction == label, connectivity=RANK[connectivity], return_num=True)
    table = np.zeros((count_a, count_b))
    for i in range(count_a):
        for j in range(count_b):
            one, other = a == i + 1, b == j + 1
            table[i, j] = (one & other).sum() / (one | other).sum()
    found = 0
    while table.size and table.max() > limit:
        i, j = np.unravel_index(table.argmax(), table.shape)
        table[i, :] = -1
        table[:, j] = -1
        found += 1
    return [found, count_b - found, count_a - found]


def hausdorff95(truth: np.ndarray, prediction: np.ndarray, label: int, spacing) -> float | None:
    a, b = truth == label, prediction == label
    if not a.any() or not b.any():
        return None
    scale = np.array(spacing[::-1])
    edges = [np.argwhere(m & ~binary_erosion(m)) * scale for m in (a, b)]
    value = max(
        np.percentile(KDTree(edges[1]).query(edges[0])[0], 95),
        np.percentile(KDTree(edges[0]).query(edges[1])[0], 95),
    )
    tensors = [torch.from_numpy(m[None, None].astype(np.float32)) for m in (b, a)]
    other = compute_hausdorff_distance(
        *tensors, include_background=True, percentile=95, spacing=list(scale)
    ).item()
    assert abs(value - other) < 1e-4, (value, other)
    return float(value)


def masks_document() -> dict:
    cases = []
    for truth, prediction, spacing in patients():
        labels = {}
        for label in LABELS:
            labels[label] = {
                **overlap(truth, prediction, label, spacing),
                "hausdorff95": hausdorff95(truth, prediction, label, spacing),
                "detection": {
                    f"{connectivity}-{limit}": detection(
                        truth, prediction, label, connectivity, limit
                    )
                    for connectivity in RANK for limit in (0.1, 0.3, 0.5)
                },
            }
        cases.append({
            "size": truth.shape[::-1], "spacing": spacing, "labels": labels,
            "truth": "".join(map(str, truth.ravel())),
            "prediction": "".join(map(str, prediction.ravel())),
        })
    aggregated = {}
    for label in LABELS:
        rows = [case["labels"][label] for case in cases]
        counts = np.sum([row["detection"]["26-0.3"] for row in rows], axis=0)
        scores = [1.0 if row["dice"] is None else row["dice"] for row in rows]
        aggregated[label] = {
            "aggregatedDice": 2 * sum(row["truePositives"] for row in rows)
            / sum(row["volume"] for row in rows),
            "meanDice": float(np.mean(scores)),
            "aggregatedF1": float(2 * counts[0] / (2 * counts[0] + counts[1] + counts[2])),
        }
    return {"cases": cases, "aggregated": aggregated}


def tables_document() -> dict:
    rng = np.random.default_rng(31)
    survival = []
    for count, ties in ((2, False), (12, True), (60, False), (150, True)):
        time = rng.exponential(800, count)
        risk = rng.normal(size=count)
        if ties:
            time, risk = np.round(time / 200) * 200, np.round(risk * 2) / 2
        event = rng.random(count) < 0.4
        event[np.argmin(time)] = True
        survival.append({
            "time": time.tolist(), "risk": risk.tolist(), "event": event.tolist(),
            "cIndex": float(concordance_index(time, -risk, event)),
        })
    classification = []
    for count in (5, 40, 131):
        truth = rng.random(count) < 0.6
        truth[:2] = [True, False]
        score = np.round(np.clip(rng.normal(0.35 + 0.3 * truth, 0.3), 0, 1), 2)
        classification.append(classification_row(truth, score > 0.5, score))
    classification.append(classification_row(np.array([True] * 3), np.array([True, False, True])))
    classification.append(classification_row(np.array([False] * 2), np.array([False, False])))
    return {"survival": survival, "classification": classification}


def classification_row(truth, prediction, score=None) -> dict:
    matrix = metrics.confusion_matrix(truth, prediction, labels=[False, True])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {
            "truth": truth.tolist(), "prediction": prediction.tolist(),
            "score": None if score is None else score.tolist(),
            "matrix": matrix.ravel().tolist(),
            "balancedAccuracy": float(metrics.balanced_accuracy_score(truth, prediction)),
            "sensitivity": float(metrics.recall_score(truth, prediction)),
            "specificity": float(metrics.recall_score(truth, prediction, pos_label=False)),
            "f1": float(metrics.f1_score(truth, prediction, zero_division=0)),
            "auc": None if score is None else float(metrics.roc_auc_score(truth, score)),
        }


def main() -> None:
    GOLDEN.mkdir(parents=True, exist_ok=True)
    versions = {"SimpleITK": sitk.Version.VersionString(), "lifelines": lifelines.__version__,
                "monai": monai.__version__, "numpy": np.__version__, "scipy": scipy.__version__,
                "scikit-image": skimage.__version__, "scikit-learn": sklearn.__version__}
    for file, content in (("masks", masks_document()), ("tables", tables_document())):
        text = json.dumps({"versions": versions, **content})
        (GOLDEN / f"{file}.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
