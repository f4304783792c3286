"""Exporting the checkpoints of tasks 2 and 3."""

from __future__ import annotations

import argparse
import json
import pathlib
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch

import clinical
from checkpoint import Checkpoint, checkpoint_from
from densenet import build_densenet, is_densenet
from errors import ExportError
from icare_model import bag_of
from json_file import write_json
from multimodal import Choices, PredictionNetwork, build_multimodal
from onnx_file import bytes_of
from prediction_parity import (
    MAX_RELATIVE_DIFFERENCE,
    assert_prediction_parity,
    compare_predictions,
    prediction_markdown,
)
from prediction_graph import write_prediction_graph
from prediction_recipe import prediction_recipe
from restricted_pickle import load_pickle
from torch_archive import load_torch_archive

COMBINATIONS = {"median": "median", "average": "mean", "weighted_average": "weighted-mean", "best_fold": "best"}
EXTRA_KEYS = ("features", "inputs", "segmentation", "channels")


@dataclass(frozen=True)
class Member:
    """One network of the ensemble, with its survival model where it has one."""

    file: str
    fold: int
    weight: float
    checkpoint: Checkpoint
    network: PredictionNetwork
    bag: dict[str, Any] | None


def export_prediction(options: argparse.Namespace, folder: pathlib.Path) -> None:
    """Writes networks, survival models, recipe, reports and the start of a card into ``folder``."""
    extras = read_extras(options.features_json)
    try:
        members, combination = read_members(options)
        given = options.preprocessors or options.scaler or options.encoder
        read = read_encoders(options) if members[0].network.clinical or given else []
        encoders = [*read, *extras.get("features", [])]
    except (ValueError, TypeError, AttributeError, KeyError, IndexError) as error:
        # Pickles can hold anything anywhere; what is not foreseen above is still the file's fault.
        reason = f"{type(error).__name__}: {error}"
        raise ExportError(
            f"{options.checkpoint[0]} or the files beside it hold something unexpected ({reason})",
            "compare them with the files that the challenge's training code writes",
        ) from error
    first = members[0].network
    assert_widths(options, members, encoders, extras)
    size = options.image_size or members[0].checkpoint.config.get("image_size") or 96
    size = size[0] if isinstance(size, (list, tuple)) else size
    reports = {}
    for note in dict.fromkeys(note for m in members for note in m.network.notes):
        print(f"note: {note}")
    for member in members:
        reports[member.file] = _write_model(options, member, size, folder)
    bags = [{"fold": m.fold, "bag": m.bag} for m in members if m.bag is not None]
    if bags:
        write_json(folder / "survival.json", {"version": 1, "kind": "icare", "folds": bags})
    recipe = prediction_recipe(
        task=options.task,
        recipe=options.recipe,
        name=options.name,
        size=size,
        axes=options.axes,
        extras=extras,
        encoders=encoders,
        models=[_model_entry(m, first.output) for m in members],
        head=_head(options, bool(bags), combination),
    )
    write_json(folder / "pipeline.json", recipe)
    _write_reports(folder, recipe, members, reports)


def read_encoders(options: argparse.Namespace) -> list[dict[str, Any]]:
    """The encoders of the preprocessors that were passed."""
    trust = options.trust_checkpoint
    if options.task == "task2":
        _refuse_options(options, "scaler", "encoder")
        if options.preprocessors is None:
            return _none_unless_given(options, "--preprocessors clinical_preprocessors.pkl")
        kept = load_pickle(options.preprocessors, trust)
        return clinical.task2_encoders(options.preprocessors, kept, options.recipe)
    _refuse_options(options, "preprocessors")
    if options.scaler is None or options.encoder is None:
        return _none_unless_given(options, "--scaler scaler.joblib --encoder ohe.joblib")
    scaler, encoder = load_pickle(options.scaler, trust), load_pickle(options.encoder, trust)
    return clinical.task3_encoders(options.scaler, scaler, options.encoder, encoder, options.recipe)


def _none_unless_given(options: argparse.Namespace, wanted: str) -> list[dict[str, Any]]:
    if options.features_json is None:
        raise ExportError(f"{options.task} needs the files of the clinical vector", f"add {wanted}")
    return []


def _refuse_options(options: argparse.Namespace, *names: str) -> None:
    for name in names:
        if getattr(options, name) is not None:
            raise ExportError(f"--{name} does not belong to {options.task}", "see --help")


def read_extras(path: pathlib.Path | None) -> dict[str, Any]:
    """Further encoders, and the images or the segmentation they need: a list or an object."""
    if path is None:
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ExportError(f"{path}: is not JSON: {error}", "write a list of encoders") from error
    found = {"features": found} if isinstance(found, list) else found
    if not isinstance(found, dict) or set(found) - set(EXTRA_KEYS):
        raise ExportError(f"{path}: expected a list of encoders or an object of {', '.join(EXTRA_KEYS)}")
    for entry in found.get("features", []):
        kind = entry.get("encode") if isinstance(entry, dict) else None
        if kind not in ("number", "one-hot", "missing-flag") or "of" not in entry:
            fix = "encode: number, one-hot or missing-flag; of: a feature"
            raise ExportError(f"{path}: {json.dumps(entry)} is no encoder", fix)
        if kind == "one-hot" and not isinstance(entry.get("categories"), list):
            raise ExportError(f"{path}: {entry['of']} has no categories", "list them in the order of training")
    return found


def read_members(options: argparse.Namespace) -> tuple[list[Member], str]:
    """Every network of the checkpoints, and how their predictions are combined."""
    choices = Choices(options.conv1_stride, options.max_pool, options.head)
    members: list[Member] = []
    combination = ""
    for path in options.checkpoint:
        loaded = load_torch_archive(path, options.trust_checkpoint)
        if options.task == "task2" and isinstance(loaded, dict) and "fold_models" in loaded:
            if len(options.checkpoint) > 1:
                raise ExportError(f"{path}: is an ensemble already", "pass it alone")
            combination = _combination(loaded)
            members = [_fold(path, loaded, i, options, choices) for i in range(len(_folds(path, loaded)))]
        else:
            checkpoint = checkpoint_from(path, loaded)
            head = options.head if options.task == "task2" else "features"
            dense = is_densenet(checkpoint)
            if options.task == "task2" and head == "auto" and not dense:
                raise ExportError(
                    f"{path}: holds one network and no survival model",
                    "pass ensemble_model.pt; or --head risk to use the network's own risk head",
                )
            if dense:
                network = build_densenet(checkpoint, options.task)
            else:
                chosen = Choices(choices.conv1_stride, choices.max_pool, head)
                network = build_multimodal(checkpoint, options.task, chosen)
            single = len(options.checkpoint) == 1
            file = "model.onnx" if single else f"model_{len(members)}.onnx"
            members.append(Member(file, len(members), 1, checkpoint, network, None))
    _assert_alike(members)
    return members, combination


def _folds(path: pathlib.Path, loaded: dict) -> list[Any]:
    folds = loaded["fold_models"]
    if not isinstance(folds, list) or not folds or not all(isinstance(f, dict) for f in folds):
        raise ExportError(f"{path}: fold_models is not a list of folds", "save the ensemble again")
    return folds


def _combination(loaded: dict) -> str:
    method = loaded.get("combination_method")
    if method not in COMBINATIONS:
        print(f"note: combination_method is {method!r}; the challenge's container then takes the median")
    return COMBINATIONS.get(method, "median")


def _fold(path: pathlib.Path, loaded: dict, index: int, options: argparse.Namespace, choices: Choices) -> Member:
    fold = loaded["fold_models"][index]
    number = fold.get("fold_id", index)
    if not isinstance(number, (int, np.integer)) or number < 0:
        raise ExportError(f"{path}: a fold_id is {number!r}, expected a number", "save the ensemble again")
    state = fold.get("feature_extractor_state_dict")
    if not isinstance(state, dict):
        raise ExportError(f"{path}: fold {number} has no feature_extractor_state_dict", "save the ensemble again")
    config = {"model_config": loaded.get("model_config", {})}
    checkpoint = checkpoint_from(path, {"model_state_dict": state, **config})
    model = fold.get("icare_model")
    head = options.head if options.head != "auto" else ("features" if model is not None else "risk")
    network = build_multimodal(checkpoint, "task2", Choices(choices.conv1_stride, choices.max_pool, head))
    for key, value in (("clinical_feature_dim", network.clinical), ("feature_output_dim", _feature_width(network))):
        if loaded.get(key, value) != value:
            raise ExportError(f"{path}: {key} is {loaded[key]}, the weights of fold {number} have {value}")
    if head != "risk" and model is None:
        raise ExportError(f"{path}: fold {number} has no icare_model", "use --head risk, or save the survival models")
    bag = bag_of(path, number, model, network.outputs) if head != "risk" else None
    return Member(f"fold_{number}.onnx", int(number), _weight(path, fold), checkpoint, network, bag)


def _feature_width(network: PredictionNetwork) -> int:
    return [layer for layer in network.module.fusion if isinstance(layer, torch.nn.Linear)][-1].out_features


def _weight(path: pathlib.Path, fold: dict) -> float:
    weight = float(fold.get("weight", 1))
    if not np.isfinite(weight) or weight < 0:
        raise ExportError(f"{path}: a fold's weight is {weight}", "weights are finite and not negative")
    return weight


def assert_widths(options, members: list[Member], encoders: list[dict], extras: dict) -> None:
    """The clinical vector and the channels are what the networks take."""
    network = members[0].network
    given = clinical.width(encoders)
    if given != network.clinical:
        raise ExportError(
            f"the clinical vector has {given} numbers, the networks of {options.checkpoint[0]} take {network.clinical}",
            "pass the files of the same training run; further features go into --features-json",
        )
    channels = extras.get("channels", ["ct", "pet"])
    if len(channels) != network.channels:
        raise ExportError(
            f"{options.checkpoint[0]}: the networks take {network.channels} channels, the recipe has {len(channels)}",
            "name the channels (and inputs) in --features-json",
        )


def _assert_alike(members: list[Member]) -> None:
    first = members[0]
    if len({m.file for m in members}) != len(members):
        raise ExportError(f"{first.checkpoint.path}: two folds have the same fold_id", "save the ensemble again")
    for member in members[1:]:
        for what in ("channels", "clinical", "outputs"):
            a, b = getattr(first.network, what), getattr(member.network, what)
            if a != b:
                raise ExportError(
                    f"{member.checkpoint.path}: {member.file} has {b} {what}, {first.file} has {a}",
                    "one recipe serves them all",
                )


def _head(options: argparse.Namespace, icare: bool, combination: str) -> dict[str, Any]:
    if options.task == "task3":
        combine = options.combine or "mean-logits"
        head: dict[str, Any] = {"kind": "class", "positive": 1, "decide": "argmax"}
    else:
        combine = options.combine or combination or "median"
        head = {"kind": "icare", "file": "survival.json"} if icare else {"kind": "risk", "higherIs": options.higher_is}
    allowed = ("mean-logits", "mean-probabilities") if options.task == "task3" else tuple(COMBINATIONS.values())
    if combine not in allowed:
        raise ExportError(f"--combine {combine} does not belong to {options.task}", f"use one of {', '.join(allowed)}")
    return {**head, "combine": combine}


def _model_entry(member: Member, output: str) -> dict[str, Any]:
    inputs = {"image": "image", **({"features": "clinical"} if member.network.clinical else {})}
    return {"file": member.file, "inputs": inputs, "output": output, "weight": member.weight}


def _write_model(options, member: Member, size: int, folder: pathlib.Path):
    metadata = {
        "architecture": member.network.architecture,
        "source": member.checkpoint.path.name,
        "source-sha256": member.checkpoint.sha256,
        "licence": options.licence,
    }
    file = folder / member.file
    arrangement = write_prediction_graph(member.network, size, options.graph, file, metadata)
    results = compare_predictions(member.network, file, size, member.bag)
    assert_prediction_parity(member.file, results)
    worst = max(r.max_relative_difference for r in results)
    print(
        f"{member.file}: {member.network.architecture} ({arrangement} graph), {bytes_of(file) / 1e6:.1f} MB, "
        f"images {size}^3; outputs differ by at most {worst:.1e} of the largest"
    )
    return results


def _write_reports(folder: pathlib.Path, recipe: dict, members: list[Member], reports: dict) -> None:
    import monai
    import onnxruntime

    versions = {"torch": torch.__version__, "monai": monai.__version__, "onnxruntime": onnxruntime.__version__}
    models = [
        {
            "file": m.file,
            "architecture": m.network.architecture,
            "source": m.checkpoint.path.name,
            "sourceSha256": m.checkpoint.sha256,
            "comparisons": [asdict(r) for r in reports[m.file]],
        }
        for m in members
    ]
    limits = {"maxRelativeDifference": MAX_RELATIVE_DIFFERENCE}
    write_json(folder / "parity.json", {"versions": versions, "limits": limits, "models": models})
    sources = {m.checkpoint.path.name: m.checkpoint.sha256 for m in members}
    facts = {
        "compared": "PyTorch against the ONNX file in onnxruntime, on seeded patients, CPU, float32",
        "versions": ", ".join(f"{key} {value}" for key, value in versions.items()),
        "sources": ", ".join(f"{name} (sha256 {sha[:12]})" for name, sha in sources.items()),
        "recipe": f"{recipe['name']} ({recipe['description']})",
    }
    (folder / "parity.md").write_text(prediction_markdown(recipe["name"], facts, reports), encoding="utf-8")
    (folder / "MODEL_CARD.md").write_text(_card(recipe, members, sources), encoding="utf-8")


def _card(recipe: dict, members: list[Member], sources: dict[str, str]) -> str:
    """The start of a card. It replaces an older one, which would describe other weights."""
    lines = [
        f"# Weights of {', '.join(sources)}",
        "",
        f"- recipe: {recipe['name']} ({recipe['description']})",
        f"- networks: {len(members)} x {members[0].network.architecture}",
        f"- clinical vector: {members[0].network.clinical} numbers",
        f"- prediction: {recipe['head']['kind']}, combined by {recipe['head']['combine']}",
        *(f"- source: {name}, sha256 {sha}" for name, sha in sources.items()),
        "- training data, scores and limits: to be described by whoever trained them",
    ]
    return "\n".join(lines) + "\n"
