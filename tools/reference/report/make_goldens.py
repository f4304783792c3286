"""Golden survival curves, tests and ROC curves for tools/report from lifelines and scikit-learn.

Writes tools/report/golden/statistics.json.

    python tools/reference/report/make_goldens.py
"""

import json
from pathlib import Path

import lifelines
import numpy as np
import sklearn
from lifelines import KaplanMeierFitter
from lifelines.statistics import logrank_test
from sklearn.metrics import roc_curve

GOLDEN = Path(__file__).resolve().parents[3] / "tools" / "report" / "golden"


def curve(time: np.ndarray, event: np.ndarray) -> dict:
    """The estimate where events happened, and its value and the number at risk at some times."""
    fit = KaplanMeierFitter().fit(time, event)
    observed = fit.event_table.query("observed > 0").index.to_numpy()
    bounds = fit.confidence_interval_.loc[observed].to_numpy()
    asked = [0.0, 100.0, 730.5, 2000.0]
    return {
        "times": observed.tolist(),
        "survival": fit.survival_function_["KM_estimate"].loc[observed].tolist(),
        "low": bounds[:, 0].tolist(),
        "high": bounds[:, 1].tolist(),
        "median": None if np.isinf(fit.median_survival_time_) else float(fit.median_survival_time_),
        "asked": asked,
        "at": fit.predict(asked).tolist(),
    }


def survival(rng: np.random.Generator, count: int, step: float, effect: float, shift: float) -> dict:
    risk = rng.normal(size=count)
    time = rng.exponential(900 / np.exp(effect * risk)) + shift
    censored = rng.uniform(200, 3000, count) + shift
    event = time <= censored
    time = np.minimum(time, censored)
    if step > 0:
        time = np.ceil(time / step) * step
    high = risk > np.sort(risk)[int(np.ceil(count / 2)) - 1]
    test = logrank_test(time[~high], time[high], event[~high], event[high])
    return {
        "time": time.tolist(), "event": event.tolist(), "risk": risk.tolist(),
        "low": curve(time[~high], event[~high]), "high": curve(time[high], event[high]),
        "statistic": float(test.test_statistic), "p": float(test.p_value),
    }


def roc(rng: np.random.Generator, count: int, digits: int) -> dict:
    truth = rng.random(count) < 0.5
    truth[:2] = [True, False]
    score = np.round(1 / (1 + np.exp(-rng.normal(size=count) - truth)), digits)
    fpr, tpr, thresholds = roc_curve(truth, score, drop_intermediate=False)
    return {"truth": truth.tolist(), "score": score.tolist(), "fpr": fpr.tolist(),
            "tpr": tpr.tolist(), "thresholds": thresholds[1:].tolist()}


def main() -> None:
    rng = np.random.default_rng(13)
    document = {
        "versions": {"lifelines": lifelines.__version__, "numpy": np.__version__,
                     "scikit-learn": sklearn.__version__},
        # Small, with ties, without effect, large with a strong effect (p far below 1e-10).
        "survival": [survival(rng, *row) for row in (
            (9, 0, 1, 0), (40, 100, 0.8, 0), (150, 0, 0, 0), (300, 30, 1.5, 10))],
        "roc": [roc(rng, *row) for row in ((12, 3), (80, 1), (200, 6))],
    }
    GOLDEN.mkdir(exist_ok=True)
    (GOLDEN / "statistics.json").write_text(json.dumps(document) + "\n")


if __name__ == "__main__":
    main()
