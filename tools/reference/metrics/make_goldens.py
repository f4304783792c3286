"""Golden metrics for libs/metrics from SimpleITK, scikit-image, SciPy, MONAI, MedPy, lifelines, sklearn.

Writes libs/metrics/golden/masks.json (small seeded masks with their scores) and tables.json
(survival and classification tables, resampled scores and ranks with theirs).

    python tools/reference/metrics/make_goldens.py
"""

import json
import warnings
from importlib import metadata
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
from medpy.metric import binary
from monai.metrics import compute_hausdorff_distance
from scipy.stats import rankdata
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
    result += edge_cases()
    blob = make_mask(rng, (6, 7, 8), [(1, (3, 3, 3), (2, 2, 2))])
    empty = np.zeros_like(blob)
    result += [(empty, empty, (1.0, 1.0, 1.0)), (blob, empty, (1.0, 1.0, 1.0)),
               (empty, blob, (1.0, 1.0, 1.0))]
    return result


def edge_cases() -> list[tuple[np.ndarray, np.ndarray, tuple]]:
    """Single voxels, lesions that touch by a face, an edge or a corner, masks at every border."""
    anisotropic = (0.9765625, 0.9765625, 3.27)
    voxel, far = np.zeros((4, 5, 6), np.uint8), np.zeros((4, 5, 6), np.uint8)
    voxel[0, 0, 0] = 1
    far[3, 4, 5] = 1
    touching, apart = np.zeros((6, 6, 6), np.uint8), np.zeros((6, 6, 6), np.uint8)
    touching[0:2, 0:2, 0:2] = touching[2:4, 2:4, 2:4] = 2  # by a corner
    touching[2:4, 4:6, 4:6] = 2  # by an edge to the second
    touching[4:6, 2:4, 2:4] = 2  # by a face to the second
    apart[0:2, 0:2, 0:2] = apart[2:4, 4:6, 4:6] = 2
    full = np.full((3, 4, 5), 1, np.uint8)
    shell = full.copy()
    shell[1, 1:3, 1:4] = 2
    line = np.full((1, 1, 9), 2, np.uint8)
    part = line.copy()
    part[0, 0, 4:] = 0
    return [(voxel, far, anisotropic), (voxel, voxel, anisotropic), (touching, apart, anisotropic),
            (touching, touching, anisotropic), (full, shell, anisotropic), (line, part, anisotropic)]


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


def hausdorff95(truth: np.ndarray, prediction: np.ndarray, label: int, spacing) -> dict | None:
    """By MedPy, in double precision, and by MONAI, whose distances are float32."""
    a, b = truth == label, prediction == label
    if not a.any() or not b.any():
        return None
    scale = np.array(spacing[::-1])
    distances = getattr(binary, "__surface_distances")
    directed = max(
        np.percentile(distances(a, b, scale, 1), 95), np.percentile(distances(b, a, scale, 1), 95)
    )
    tensors = [torch.from_numpy(m[None, None].astype(np.float32)) for m in (b, a)]
    other = compute_hausdorff_distance(
        *tensors, include_background=True, percentile=95, spacing=list(scale)
    ).item()
    assert abs(directed - other) <= 1e-6 * max(1, directed), (directed, other)
    return {"directed": float(directed), "pooled": float(binary.hd95(a, b, scale, 1))}


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


def missing_counts_half(time, risk, event) -> float:
    """The C-index with NaN risks, pair by pair: those of a missing risk count 1/2."""
    won = pairs = 0.0
    for i in range(len(time)):
        for j in range(len(time)):
            if event[i] and (time[i] < time[j] or (time[i] == time[j] and not event[j])):
                pairs += 1
                tied = np.isnan(risk[i]) or np.isnan(risk[j]) or risk[i] == risk[j]
                won += 0.5 if tied else float(risk[i] > risk[j])
    return won / pairs


def split_mix_32(seed: int):
    """Draws as libs/metrics does, so that resamples hold the same patients."""
    state, mask = seed, 0xFFFFFFFF
    while True:
        state = (state + 0x9E3779B9) & mask
        mixed = state ^ (state >> 16)
        mixed = (mixed * 0x21F0AAAD) & mask
        mixed ^= mixed >> 15
        mixed = (mixed * 0x735A2D97) & mask
        yield (mixed ^ (mixed >> 15)) / 2**32


def bootstrap_document(rng: np.random.Generator) -> dict:
    """NumPy's percentiles and p of the balanced accuracies of two runs over the same patients."""
    count, resamples, seed = 40, 1000, 7
    truth = rng.random(count) < 0.5
    runs = [np.where(rng.random(count) < share, truth, ~truth) for share in (0.6, 0.8)]
    draw = split_mix_32(seed)
    scores = np.empty((2, resamples))
    for i in range(resamples):
        at = [int(next(draw) * count) for _ in range(count)]
        scores[:, i] = [metrics.balanced_accuracy_score(truth[at], run[at]) for run in runs]
    difference = scores[1] - scores[0]
    rarer = min((difference <= 0).sum(), (difference >= 0).sum())
    return {
        "seed": seed, "truth": truth.tolist(), "runs": [run.tolist() for run in runs],
        "intervals": [np.percentile(row, [2.5, 97.5]).tolist() for row in scores],
        "difference": np.percentile(difference, [2.5, 97.5]).tolist(),
        "p": float(min(1, 2 * (rarer + 1) / (resamples + 1))),
    }


def ranks_document(rng: np.random.Generator) -> dict:
    """Ranks of runs by three scores with ties, by SciPy, and their Borda counts as the challenge has
    them: of the second and third, then of that and the first."""
    scores = np.round(rng.uniform(0.6, 0.8, (3, 7)), 2)
    ranks = [rankdata(-row, "average") for row in scores]
    nodes = rankdata(ranks[1] + ranks[2], "average")
    total = rankdata(ranks[0] + nodes, "average")
    return {"scores": scores.tolist(), "ranks": [row.tolist() for row in ranks],
            "nodes": nodes.tolist(), "total": total.tolist()}


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
        survival.append(survival_row(time, risk, event))
    # Equal times, with and without events, and a risk that orders nobody.
    survival.append(survival_row([5, 5, 5, 9, 9], [1, 2, 3, 1, 1], [True, False, True, True, False]))
    survival.append(survival_row([1, 2, 3], [4, 4, 4], [True, True, False]))
    missing = rng.normal(size=30)
    missing[[3, 11, 12]] = np.nan
    time, event = np.round(rng.exponential(5, 30)), rng.random(30) < 0.5
    half = {
        "time": time.tolist(), "event": event.tolist(),
        "risk": [None if np.isnan(risk) else risk for risk in missing],
        "cIndex": missing_counts_half(time, missing, event),
    }
    classification = []
    for count in (5, 40, 131):
        truth = rng.random(count) < 0.6
        truth[:2] = [True, False]
        score = np.round(np.clip(rng.normal(0.35 + 0.3 * truth, 0.3), 0, 1), 2)
        classification.append(classification_row(truth, score > 0.5, score))
    classification.append(classification_row(np.array([True] * 3), np.array([True, False, True])))
    classification.append(classification_row(np.array([False] * 2), np.array([False, False])))
    return {"survival": survival, "missingRisk": half, "classification": classification,
            "bootstrap": bootstrap_document(rng), "ranking": ranks_document(rng)}


def survival_row(time, risk, event) -> dict:
    time, risk, event = np.array(time, float), np.array(risk, float), np.array(event)
    return {
        "time": time.tolist(), "risk": risk.tolist(), "event": event.tolist(),
        "cIndex": float(concordance_index(time, -risk, event)),
    }


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
                "medpy": metadata.version("medpy"), "monai": monai.__version__, "numpy": np.__version__, "scipy": scipy.__version__,
                "scikit-image": skimage.__version__, "scikit-learn": sklearn.__version__}
    for file, content in (("masks", masks_document()), ("tables", tables_document())):
        text = json.dumps({"versions": versions, **content})
        (GOLDEN / f"{file}.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
