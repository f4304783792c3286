"""Checks of tasks 2 and 3: exports in parity, every recipe, refusals by name."""

from __future__ import annotations

import bz2
import collections
import io
import json
import os
import pathlib
import pickle
import sys
import zlib
from collections.abc import Callable
from typing import Any

import joblib
import numpy as np
import pandas
import torch
from jsonschema import Draft7Validator
from sklearn.preprocessing import OneHotEncoder, StandardScaler

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "reference" / "template"))
from tiny_networks import TINY_PLANES, calibrate, seeded, task2_network, task3_network  # noqa: E402

Check = Callable[[str, bool, str], None]
Export = Callable[..., tuple[int, str]]
COLUMNS = ["Gender_0", "Gender_1", "Gender_Unknown", "M-stage_M0", "M-stage_M1", "Performance Status_1.0"]
TABLE = np.array([["0", "1", "0", "M0"], ["1", "0", "Unknown", "M1"], ["nan", "0", "2", "M0"]], dtype=object)
FEATURES = 16
REPORTS = ("parity.json", "parity.md", "MODEL_CARD.md")
SIZE = ("--image-size", 32)
SCHEMA = pathlib.Path(__file__).parents[2] / "docs" / "schema" / "pipeline.schema.json"


def pretend(module: str, name: str) -> type:
    """A class that pickles under another package's name, so that the package is not needed."""
    parts = module.split(".")
    for i in range(1, len(parts) + 1):
        sys.modules.setdefault(".".join(parts[:i]), type(sys)(".".join(parts[:i])))
    if not hasattr(sys.modules[module], name):
        setattr(sys.modules[module], name, type(name, (), {"__module__": module}))
    return getattr(sys.modules[module], name)


def bag(features: int = FEATURES, **changes: Any) -> Any:
    """A fitted ICARE bag by hand: two estimators of three features and one of none."""
    Bag, Estimator = pretend("icare.survival", "BaggedIcareSurvival"), pretend("icare.survival", "IcareSurvival")
    whole = Bag()
    estimators = []
    for names in (["3", "0", "5"], ["1", "2", "7"], []):
        one = Estimator()
        count = len(names)
        one.used_features_ = np.array(names, dtype=object)
        one.weights_ = np.where(np.arange(count) % 2, -1.0, 1.0)
        one.mean_f_ = pandas.Series(np.linspace(-1, 1, count, dtype=np.float32), index=names)
        one.std_f_ = pandas.Series(np.linspace(1, 2, count, dtype=np.float32), index=names)
        one.mean_pred_, one.std_pred_ = np.float64(0.25), np.float64(2)
        one.rng_ = np.random.default_rng(3)
        estimators.append(one)
    whole.estimators_, whole.n_features_in_, whole.aggregation_method = estimators, features, "median"
    whole.aggregation_method_fn_ = np.nanmedian
    for name, value in changes.items():
        setattr(whole, name, value)
    return whole


def write_task2(folder: pathlib.Path, **changes: Any) -> tuple[pathlib.Path, pathlib.Path]:
    """A small ensemble of two folds with its preprocessors."""
    folder.mkdir(parents=True, exist_ok=True)
    width = 1 + len(COLUMNS)
    folds = []
    for fold in range(2):
        network = seeded(task2_network(width, TINY_PLANES, FEATURES), fold)
        calibrate(network, width, fold, 2)
        state = network.state_dict()
        folds.append(
            {"fold_id": fold, "weight": np.float64(0.6), "feature_extractor_state_dict": state, "icare_model": bag()}
        )
    ensemble = {
        "fold_models": folds,
        "clinical_feature_dim": width,
        "feature_output_dim": FEATURES,
        "combination_method": "weighted_average",
        **changes,
    }
    torch.save(ensemble, folder / "ensemble_model.pt")
    scaler = StandardScaler().fit(pandas.DataFrame({"Age": [50.0, 60.0, 80.0]}))
    kept = {"age_scaler": scaler, "age_median": np.float64(60), "categorical_columns": COLUMNS}
    (folder / "clinical_preprocessors.pkl").write_bytes(pickle.dumps(kept))
    return folder / "ensemble_model.pt", folder / "clinical_preprocessors.pkl"


def write_task3(folder: pathlib.Path) -> tuple[pathlib.Path, pathlib.Path, pathlib.Path]:
    """A small network with its scaler (compressed) and encoder."""
    folder.mkdir(parents=True, exist_ok=True)
    scaler = StandardScaler().fit(np.array([[50.0, 0], [70.0, 1], [60.0, 1]]))
    encoder = OneHotEncoder(handle_unknown="ignore", sparse_output=False).fit(TABLE)
    width = 2 + sum(len(c) for c in encoder.categories_)
    network = seeded(task3_network(width, TINY_PLANES), 5)
    calibrate(network, width, 5, 2)
    torch.save(network.state_dict(), folder / "best_model.pt")
    joblib.dump(scaler, folder / "scaler.joblib", compress=("zlib", 3))
    joblib.dump(encoder, folder / "ohe.joblib")
    return folder / "best_model.pt", folder / "scaler.joblib", folder / "ohe.joblib"


def against_schema(recipe: dict) -> str:
    """What docs/schema/pipeline.schema.json has against a recipe."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return "; ".join(fault.message for fault in Draft7Validator(schema).iter_errors(recipe))


def check_exports(folder: pathlib.Path, check: Check, export: Export) -> None:
    ensemble, kept = write_task2(folder / "two")
    both = ("--checkpoint", ensemble, "--preprocessors", kept, *SIZE)
    steps = {}
    for recipe in ("baseline", "corrected", "training"):
        out = folder / f"two {recipe}"
        code, said = export(out, *both, task="task2", recipe=recipe)
        files = {p.name for p in out.iterdir()} if out.is_dir() else set()
        whole = {"fold_0.onnx", "fold_1.onnx", "survival.json", "pipeline.json", *REPORTS}
        check(f"exports task 2, {recipe}", code == 0 and files == whole, said)
        if code:
            return
        written = json.loads((out / "pipeline.json").read_text())
        steps[recipe] = [s["step"] for s in written["preprocessing"]]
        faults = against_schema(written)
        check(f"the schema of recipes accepts {recipe} of task 2", not faults, faults)
        check(f"says that it is {recipe}", recipe in written["description"] and recipe in written["name"], said)
    expected = ["reset-geometry", "resample", "crop-neck", "min-max", "min-max", "resize-area"]
    check("steps of the recipes", steps == {
        "baseline": expected, "corrected": expected[1:], "training": expected[3:],
    }, str(steps))  # fmt: skip
    baseline = json.loads((folder / "two baseline" / "pipeline.json").read_text())
    ages, texts = baseline["features"][0], [f["of"] for f in baseline["features"]]
    check("age encoder", (ages["missing"], round(ages["mean"], 3)) == (60, 63.333), str(ages))
    check("order of the record", texts == ["Age", "Gender", "M-stage", "Performance Status"], str(texts))
    check("combination", baseline["head"]["combine"] == "weighted-mean" and baseline["models"][0]["weight"] == 0.6, "")
    survival = json.loads((folder / "two baseline" / "survival.json").read_text())
    first = survival["folds"][0]["bag"]["estimators"][0]
    right = first["usedFeatures"] == [3, 0, 5] and first["mean"] == [-1, 0, 1] and first["meanPrediction"] == 0.25
    check("survival model", right, json.dumps(first))
    out = folder / "risk"
    code, said = export(out, *both, "--head", "risk", "--higher-is", "later", task="task2")
    head = json.loads((out / "pipeline.json").read_text())["head"] if code == 0 else {}
    check("exports the risk head", head.get("kind") == "risk" and head.get("higherIs") == "later", said)
    code, said = export(folder / "plain", *both, "--graph", "plain", task="task2")
    check("exports plain graphs", code == 0 and "(plain graph)" in said, said)
    check_task3(folder, check, export)
    check_further_features(folder, check, export)


def check_task3(folder: pathlib.Path, check: Check, export: Export) -> None:
    network, scaler, encoder = write_task3(folder / "three")
    options = ("--scaler", scaler, "--encoder", encoder, *SIZE)
    out = folder / "three out"
    for recipe, missing in (("baseline", "Unknown"), ("training", "nan")):
        code, said = export(out, "--checkpoint", network, *options, task="task3", recipe=recipe)
        check(f"exports task 3, {recipe}", code == 0 and (out / "model.onnx").exists(), said)
        if code:
            return
        written = json.loads((out / "pipeline.json").read_text())
        faults = against_schema(written)
        check(f"the schema of recipes accepts {recipe} of task 3", not faults, faults)
        tobacco = written["features"][2]
        right = tobacco["missing"] == missing and "nan" in tobacco["categories"]
        check(f"missing texts, {recipe}", right, str(tobacco))
    code, said = export(out, "--checkpoint", network, network, *options, task="task3")
    files = {p.name for p in out.glob("*.onnx")}
    check("exports an ensemble of task 3", code == 0 and files == {"model_0.onnx", "model_1.onnx"}, said)


def check_further_features(folder: pathlib.Path, check: Check, export: Export) -> None:
    """A network trained with one feature more than its preprocessors describe."""
    ensemble, kept = folder / "more.pt", folder / "two" / "clinical_preprocessors.pkl"
    network = seeded(task2_network(2 + len(COLUMNS), TINY_PLANES, FEATURES), 9)
    calibrate(network, 2 + len(COLUMNS), 9, 2)
    torch.save(network.state_dict(), ensemble)
    extra = {
        "features": [{"encode": "number", "of": "mask.GTVp.volume", "missing": 0, "mean": 9, "scale": 3}],
        "segmentation": {"recipe": "segmentation/pipeline.json"},
    }
    (folder / "extra.json").write_text(json.dumps(extra))
    both = ("--checkpoint", ensemble, "--preprocessors", kept, "--head", "risk", *SIZE)
    code, said = export(folder / "more", *both, "--features-json", folder / "extra.json", task="task2")
    written = json.loads((folder / "more" / "pipeline.json").read_text()) if code == 0 else {}
    right = written.get("segmentation") == extra["segmentation"] and written["features"][-1] == extra["features"][0]
    check("appends further features", code == 0 and right, said)
    code, said = export(folder / "none", *both, task="task2")
    check("too few features", code == 2 and "has 7 numbers" in said and "Traceback" not in said, said)


class Calls:
    """Pickles as a call of a function."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self.call = (function, arguments)

    def __reduce__(self) -> Any:
        return self.call


def malicious(marker: pathlib.Path) -> dict[str, tuple[bytes, str]]:
    """Pickles that would run code, and what the refusal must name."""
    touch = f"touch {marker}"
    nested = {"age_scaler": [{"deep": (Calls(os.system, touch),)}]}
    state = b"\x80\x04cnumpy\nndarray\n}X\x08\x00\x00\x00__call__cposix\nsystem\nsb."
    on_class = b"\x80\x04ccollections\nOrderedDict\n}X\x01\x00\x00\x00aK\x01sb."
    dotted = b"\x80\x04\x8c\x08builtins\x8c\x11slice.__class__.x\x93."
    stacked = b"\x80\x04\x8c\x05posix\x8c\x06system\x93" + pickle.dumps(touch, 4)[11:-2] + b"\x85R."
    call_result = b"\x80\x04cnumpy\nndarray\n)R)R."
    return {
        "os.system": (pickle.dumps(Calls(os.system, touch)), "posix.system"),
        "builtins.eval": (pickle.dumps(Calls(eval, "1")), "builtins.eval"),
        "getattr": (b"cbuiltins\ngetattr\n.", "builtins.getattr"),
        "nested": (pickle.dumps(nested), "posix.system"),
        "a state on a class": (state, "posix.system"),
        "attributes of a permitted class": (on_class, "the state of an object"),
        "a dotted name": (dotted, "builtins.slice.__class__.x"),
        "a stacked name": (stacked, "posix.system"),
        "a call of an object": (call_result, "a call of an object"),
        "old opcodes": (b"(S'1'\nibuiltins\neval\n.", "builtins.eval"),
        "an extension": (b"\x80\x02\x82\x01.", "extension code 1"),
        "endless hashing": (endless_hashing(), "a nested key"),
        "operator tricks": (b"\x80\x04coperator\nattrgetter\n.", "operator.attrgetter"),
    }


def endless_hashing() -> bytes:
    """A dictionary whose key is a tuple of one tuple twice, and so on, sixty deep."""
    levels = b"".join(b"0h%ch%c\x86q%c" % (i, i, i + 1) for i in range(60))
    return b"\x80\x02})q\x00" + levels + b"K\x01s."


def check_refusals(folder: pathlib.Path, check: Check, export: Export) -> None:
    ensemble, kept = write_task2(folder / "two")
    network, scaler, encoder = write_task3(folder / "three")
    out, marker = folder / "refused", folder / "was-run"

    def refuses(name: str, wanted: str, *arguments: object, task: str = "task2") -> None:
        code, said = export(out, *arguments, *SIZE, task=task)
        clean = "Traceback" not in said and not (out.is_dir() and list(out.glob("*.*"))) and not marker.exists()
        check(f"refuses {name}", code == 2 and wanted in said and clean, said)

    bad = folder / "bad.pkl"
    for name, (content, wanted) in malicious(marker).items():
        bad.write_bytes(content)
        refuses(f"{name} in the preprocessors", wanted, "--checkpoint", ensemble, "--preprocessors", bad)
    bad.write_bytes(zlib.compress(pickle.dumps(Calls(os.system, f"touch {marker}"))))
    three = ("--checkpoint", network, "--encoder", encoder)
    refuses("os.system in a compressed file", "posix.system", *three, "--scaler", bad, task="task3")
    inside = np.array([Calls(os.system, f"touch {marker}")], dtype=object)
    joblib.dump(inside, bad)
    arrays = ("--checkpoint", network, "--scaler", scaler, "--encoder", bad)
    refuses("os.system in an array", "posix.system", *arrays, task="task3")
    bad_ensemble = folder / "bad.pt"
    torch.save({"fold_models": [Calls(os.system, f"touch {marker}")]}, bad_ensemble)
    refuses("os.system in an ensemble", "posix.system", "--checkpoint", bad_ensemble, "--preprocessors", kept)
    both = ("--preprocessors", kept)
    refuses("a missing file", "no such file", "--checkpoint", folder / "nothing.pt", *both)
    refuses("missing preprocessors", "--preprocessors", "--checkpoint", ensemble)
    refuses("a missing scaler", "--scaler", "--checkpoint", network, task="task3")
    refuses("options of another task", "does not belong", "--checkpoint", ensemble, *both, "--scaler", scaler)
    refuses("an encoder for a scaler", "expected a StandardScaler", *three, "--scaler", encoder, task="task3")
    refuses("task 3 weights as task 2", "imaging_backbone", "--checkpoint", network, *both, "--head", "risk")
    bad.write_bytes(kept.read_bytes()[:-40])
    refuses("cut preprocessors", "not a readable pickle", "--checkpoint", ensemble, "--preprocessors", bad)
    for name, value in (("an endless age_median", 10**400), ("a text as age_median", "old")):
        bad.write_bytes(pickle.dumps({**pickle.loads(kept.read_bytes()), "age_median": value}))
        refuses(name, "no number", "--checkpoint", ensemble, "--preprocessors", bad)
    squeezed = bytearray(bz2.compress(kept.read_bytes()))
    bad.write_bytes(squeezed[:-40])
    refuses("cut compressed data", "break off", "--checkpoint", ensemble, "--preprocessors", bad)
    squeezed[60:64] = b"\xff" * 4
    bad.write_bytes(squeezed)
    refuses("damaged bz2", "bad.pkl: is not a readable pickle", "--checkpoint", ensemble, "--preprocessors", bad)
    bad.write_bytes(b"\x04\x22\x4d\x18" + bytes(40))
    refuses("lz4", "compressed with lz4", "--checkpoint", ensemble, "--preprocessors", bad)
    bad_ensemble.write_bytes(ensemble.read_bytes()[:-400])
    refuses("a cut ensemble", "not an archive", "--checkpoint", bad_ensemble, *both)
    fewer = pickle.loads(kept.read_bytes())
    fewer["categorical_columns"] = COLUMNS[:-1]
    bad.write_bytes(pickle.dumps(fewer))
    refuses("another record", "has 6 numbers", "--checkpoint", ensemble, "--preprocessors", bad)
    fewer["categorical_columns"] = [*COLUMNS[:-1], "Height_1"]
    bad.write_bytes(pickle.dumps(fewer))
    refuses("an unknown column", "Height_1", "--checkpoint", ensemble, "--preprocessors", bad)
    check_bad_ensembles(folder, refuses, kept)


def check_bad_ensembles(folder: pathlib.Path, refuses: Callable[..., None], kept: pathlib.Path) -> None:
    whole, _ = write_task2(folder / "changed")
    good = torch.load(whole, weights_only=False)

    def changed(name: str, wanted: str, change: Callable[[dict], None]) -> None:
        buffer = io.BytesIO()
        torch.save(good, buffer)
        buffer.seek(0)
        ensemble = torch.load(buffer, weights_only=False)
        change(ensemble)
        torch.save(ensemble, whole)
        refuses(name, wanted, "--checkpoint", whole, "--preprocessors", kept)

    def weights(ensemble: dict) -> collections.OrderedDict:
        return ensemble["fold_models"][1]["feature_extractor_state_dict"]

    changed("another feature width", "feature_output_dim is 99", lambda e: e.update(feature_output_dim=99))
    changed("two folds of one number", "same fold_id", lambda e: e["fold_models"][1].update(fold_id=0))
    changed("a bag of other features", "takes 20 features", lambda e: e["fold_models"][0].update(icare_model=bag(20)))
    changed("an unfitted bag", "not fitted", lambda e: e["fold_models"][0].update(icare_model=bag(estimators_=None)))
    changed("missing weights", "missing (", lambda e: weights(e).pop("imaging_backbone.layer2.0.conv2.weight"))
    changed(
        "NaN weights", "holds NaN", lambda e: weights(e)["feature_fusion.0.weight"].fill_(float("nan"))
    )
    changed("no folds", "fold_models", lambda e: e.update(fold_models=[]))
