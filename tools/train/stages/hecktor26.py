"""Fit the stages of hecktor26 on the rows of measure.ts; writes the models and their recipe.

T and N stage: multinomial logistic regression of scikit-learn on standardised features of the masks that
the segmentation finds. Risk: a penalised Cox model of lifelines on its own features and the probabilities
of both stages, which are those of folds that have not seen the patient.
"""

import numpy as np
import pandas as pd
from lifelines import CoxPHFitter
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from fitting import FEATURES, arguments, linear_model, standardised, write_cox, write_json

CLASSES = {"t": ["T1", "T2", "T3", "T4"], "n": ["N0", "N1", "N2", "N3"]}
SEED = 26


def main() -> None:
    options = arguments(__doc__.splitlines()[0], cases=False)
    table = pd.read_csv(options.rows)
    stages, answers = [], {}
    for name, classes in CLASSES.items():
        x, encoders = standardised(table, FEATURES[name])
        y = table[name].map(classes.index).to_numpy()
        model = LogisticRegression(C=1.0, class_weight="balanced", max_iter=5000)
        folds = StratifiedKFold(5, shuffle=True, random_state=SEED)
        answers[name] = cross_val_predict(model, x, y, cv=folds, method="predict_proba")
        found = answers[name].argmax(1)
        recalls = [float((found[y == k] == k).mean()) for k in range(len(classes))]
        print(f"{name}: balanced accuracy of the folds {np.mean(recalls):.3f}, {np.round(recalls, 2)}")
        model.fit(x, y)
        network = linear_model(options.out / f"{name}-stage.onnx", model.coef_, model.intercept_)
        head = {"kind": "class", "classes": classes, "decide": "argmax"}
        stages.append({"name": name, "features": encoders, "models": [network], "head": head})
    # One class of each stage follows from the others.
    for name, classes in CLASSES.items():
        for k, one in enumerate(classes[1:], 1):
            table[f"stage.{name}.{one}"] = answers[name][:, k]
    names = FEATURES["rfs"] + [f"stage.{name}.{one}" for name, all_ in CLASSES.items() for one in all_[1:]]
    x, encoders = standardised(table, names)
    frame = pd.DataFrame(x, columns=names).assign(days=table["days"], relapse=table["relapse"])
    cox = CoxPHFitter(penalizer=0.05).fit(frame, "days", "relapse")
    print(f"rfs: C-index on the training patients {cox.concordance_index_:.3f}")
    head = write_cox(options.out / "cox.json", names, cox.params_[names])
    stages.append({"name": "rfs", "features": encoders, "head": head | {"higherIs": "earlier"}})
    recipe = {
        "$schema": "../../../docs/schema/pipeline.schema.json",
        "version": 1,
        "kind": "prediction",
        "name": "demo",
        "description": "mask, then T and N stage by logistic regression, then a Cox model of all of it",
        "segmentation": {"recipe": "segmentation/pipeline.json"},
        "radiomics": FEATURES["radiomics"],
        "stages": stages,
        "outputs": {
            "head-neck-tumor-segmentation": "segmentation",
            "t-stage": "t",
            "n-stage": "n",
            "rfs": "rfs",
        },
    }
    write_json(options.out / "pipeline.json", recipe)


if __name__ == "__main__":
    main()
