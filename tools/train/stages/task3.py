"""Fit the last stage of task 3 on the rows of measure.ts, and put it behind the deep network.

A logistic regression of scikit-learn on features of the masks that the segmentation finds and on the
network's own probability, in patients that the network has not seen. The recipe becomes stages: `deep`,
which is what the exporter wrote, and `stacked`.
"""

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score, roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from fitting import FEATURES, add_stages, arguments, linear_model, standardised

SEED = 24
DEEP = "stage.deep"


def main() -> None:
    options = arguments(__doc__.splitlines()[0], cases=True)
    deep = pd.read_csv(options.cases).set_index("id")["probability"]
    table = pd.read_csv(options.rows).set_index("id").assign(**{DEEP: deep})
    x, encoders = standardised(table, [DEEP, *FEATURES["task3"]])
    y = table["hpv"].to_numpy()
    model = LogisticRegression(C=1.0, class_weight="balanced")
    folds = StratifiedKFold(5, shuffle=True, random_state=SEED)
    found = cross_val_predict(model, x, y, cv=folds, method="predict_proba")[:, 1]
    for name, values in (("deep alone", table[DEEP]), ("stacked, folds", found)):
        score, area = balanced_accuracy_score(y, values > 0.5), roc_auc_score(y, values)
        print(f"{name}: balanced accuracy {score:.3f}, AUC {area:.3f}, {len(y)} patients")
    model.fit(x, y)
    # Two logits, of which the first is 0: their softmax is the regression's probability.
    weights = np.concatenate([np.zeros_like(model.coef_), model.coef_])
    bias = np.array([0.0, model.intercept_[0]])
    network = linear_model(options.out / "stacked.onnx", weights, bias)
    head = {"kind": "class", "positive": 1, "decide": "argmax"}
    stage = {"name": "stacked", "features": encoders, "models": [network], "head": head}
    add_stages(options.out / "pipeline.json", [stage])


if __name__ == "__main__":
    main()
