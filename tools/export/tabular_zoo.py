"""A seeded cohort with missing values, and a small fitted model of every kind that tabular.py reads."""

from __future__ import annotations

import pathlib
from typing import Any

import numpy as np
import pandas as pd

NUMBERS = ["Age", "Performance Status", "Tobacco Consumption", "MTV", "SUVmax", "nodes", "distance"]
SEED = 2025


def make_table(count: int = 200) -> pd.DataFrame:
    """Records with outcomes; about a tenth of the values is missing."""
    random = np.random.default_rng(SEED)
    table = pd.DataFrame(
        {
            "Age": random.normal(61, 9, count).round(),
            "Performance Status": random.integers(0, 4, count).astype(float),
            "Tobacco Consumption": random.integers(0, 2, count).astype(float),
            "MTV": random.lognormal(2.5, 0.8, count),
            "SUVmax": random.lognormal(2.2, 0.4, count),
            "nodes": random.poisson(2, count).astype(float),
            "distance": random.gamma(3, 15, count),
            "M-stage": random.choice(["M0", "M0", "M0", "M1"], count),
        }
    )
    risk = 0.03 * table["Age"] + 0.6 * np.log(table["MTV"]) + 0.3 * table["nodes"] + 0.5 * (table["M-stage"] == "M1")
    risk = risk - risk.mean() + random.normal(0, 0.5, count)
    time, censored = random.exponential(900 * np.exp(-risk)) + 10, random.exponential(1500, count) + 10
    gone = random.random((count, len(table.columns))) < 0.1
    table = table.mask(gone)
    table["event"], table["time"] = time < censored, np.minimum(time, censored).round(1) + random.random(count)
    table["hpv"] = (0.4 * table["SUVmax"].fillna(9) - 0.5 * table["Tobacco Consumption"].fillna(0)
                    + random.normal(-3.5, 1, count) > 0).astype(int)  # fmt: skip
    table["stage"] = np.digitize(risk + random.normal(0, 0.4, count), [-0.8, 0, 0.8])
    return table


def prepared(last: Any, categories: bool = True) -> Any:
    """Imputer, scaler and one-hot encoder before a model."""
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    numbers = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    texts = make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore"))
    parts = [("numbers", numbers, NUMBERS), ("texts", texts, ["M-stage"])]
    return make_pipeline(ColumnTransformer(parts[: 2 if categories else 1]), last)


def classifiers(table: pd.DataFrame) -> dict[str, Any]:
    """Fitted classifiers and regressors, by name."""
    import catboost
    import lightgbm
    import xgboost
    from sklearn import ensemble
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    numbers, hpv, stage = table[NUMBERS], table["hpv"], table["stage"]
    small = {"n_estimators": 12, "max_depth": 4, "random_state": SEED}
    stack = ensemble.StackingClassifier(
        [("forest", ensemble.RandomForestClassifier(**small)),
         ("linear", make_pipeline(SimpleImputer(), LogisticRegression(max_iter=5000)))],
        final_estimator=LogisticRegression(), cv=3,
    )  # fmt: skip
    return {
        "logistic": prepared(LogisticRegression(C=0.5)).fit(table[[*NUMBERS, "M-stage"]], hpv),
        "stages": prepared(LogisticRegression(C=0.5)).fit(table[[*NUMBERS, "M-stage"]], stage),
        "forest": ensemble.RandomForestClassifier(**small).fit(numbers, hpv),
        "forest-regressor": ensemble.RandomForestRegressor(**small).fit(numbers, table["time"]),
        "extra-trees": make_pipeline(SimpleImputer(), ensemble.ExtraTreesClassifier(**small)).fit(numbers, stage),
        "boosting": make_pipeline(SimpleImputer(), ensemble.GradientBoostingClassifier(**small)).fit(numbers, hpv),
        "hist-boosting": ensemble.HistGradientBoostingClassifier(max_iter=12, random_state=SEED).fit(numbers, hpv),
        "stacking": stack.fit(numbers, hpv),
        "xgboost": xgboost.XGBClassifier(**small).fit(numbers, hpv),
        "xgboost-cox": xgboost.XGBRegressor(**small, objective="survival:cox").fit(
            numbers, np.where(table["event"], table["time"], -table["time"])
        ),
        "lightgbm": lightgbm.LGBMClassifier(n_estimators=12, random_state=SEED, verbose=-1).fit(numbers, hpv),
        "catboost": catboost.CatBoostClassifier(
            n_estimators=12, depth=4, random_state=SEED, verbose=0, allow_writing_files=False
        ).fit(numbers, hpv),
    }


def cox_models(table: pd.DataFrame) -> dict[str, Any]:
    from lifelines import CoxPHFitter
    from sksurv.linear_model import CoxnetSurvivalAnalysis, CoxPHSurvivalAnalysis

    whole = table[[*NUMBERS, "event", "time"]].fillna(table[NUMBERS].median())
    columns = table[[*NUMBERS, "M-stage"]]
    return {
        "lifelines": CoxPHFitter(penalizer=0.1, l1_ratio=0.5).fit(whole, "time", "event"),
        "coxph": prepared(CoxPHSurvivalAnalysis(alpha=0.1)).fit(columns, outcome(table)),
        "coxnet": prepared(CoxnetSurvivalAnalysis(l1_ratio=0.7)).fit(columns, outcome(table)),
    }


def survival_trees(table: pd.DataFrame) -> dict[str, Any]:
    from sksurv import ensemble

    numbers, y = table[NUMBERS], outcome(table)
    small = {"n_estimators": 20, "min_samples_leaf": 6, "random_state": SEED}
    boosted = {"n_estimators": 20, "max_depth": 3, "random_state": SEED}
    return {
        "rsf": ensemble.RandomSurvivalForest(**small).fit(numbers, y),
        "rsf-low-memory": ensemble.RandomSurvivalForest(**small, low_memory=True).fit(numbers, y),
        "extra-survival": prepared(ensemble.ExtraSurvivalTrees(**small)).fit(table[[*NUMBERS, "M-stage"]], y),
        "boosted": prepared(ensemble.GradientBoostingSurvivalAnalysis(**boosted), False).fit(numbers, y),
        "boosted-dropout": prepared(
            ensemble.GradientBoostingSurvivalAnalysis(**boosted, dropout_rate=0.2), False
        ).fit(numbers, y),
        "boosted-times": prepared(
            ensemble.GradientBoostingSurvivalAnalysis(**boosted, loss="ipcwls"), False
        ).fit(numbers, y),
    }


def outcome(table: pd.DataFrame) -> Any:
    from sksurv.util import Surv

    return Surv.from_arrays(table["event"], table["time"])


def save(model: Any, folder: pathlib.Path, name: str) -> pathlib.Path:
    """In the library's own format, where it has one."""
    import joblib

    own = {"XGBClassifier": ".json", "XGBRegressor": ".ubj", "CatBoostClassifier": ".cbm"}.get(type(model).__name__)
    path = folder / f"{name}{own or '.joblib'}"
    if type(model).__name__ == "LGBMClassifier":
        path = folder / f"{name}.txt"
        model.booster_.save_model(path)
    elif own:
        model.save_model(path)
    else:
        joblib.dump(model, path)
    return path
