"""Makes the small cases, networks, recipes and answers that the tests of tasks 2 and 3 compare with.

    python tools/reference/pipeline/make_predictions.py

SimpleITK resamples, PyTorch averages areas, ONNX Runtime runs the networks; the clinical vector and
the arithmetic of the survival models are written out below from their descriptions.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import SimpleITK as sitk
import torch
from onnx import TensorProto, helper, numpy_helper

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tools/reference/preprocessing"))

from resample import IDENTITY, image  # noqa: E402

OUT = ROOT / "libs/pipeline/golden/prediction"
SIZE = 12
SPACING = 5.0
WIDTH = 6
EPSILON = 1e-5
OUTSIDE = {"ct": -1000.0, "pet": 0.0, "ct-planning": -1000.0, "rt-dose": 0.0}

FEATURES = [
    {"encode": "number", "of": "Age", "missing": 61, "mean": 60.2, "scale": 9.9},
    {"encode": "missing-flag", "of": "Age"},
    {"encode": "one-hot", "of": "Gender", "categories": ["0", "1", "Unknown"], "missing": "Unknown",
     "numbers": "normalised"},
    {"encode": "one-hot", "of": "Tobacco Consumption", "categories": ["0", "1", "Unknown"],
     "missing": "Unknown", "numbers": "normalised"},
    {"encode": "one-hot", "of": "Alcohol Consumption", "categories": ["0.0", "1.0", "Unknown"],
     "missing": "Unknown", "numbers": "as-written"},
    {"encode": "one-hot", "of": "Performance Status", "categories": ["0", "1", "2", "Unknown"],
     "missing": "Unknown", "numbers": "normalised"},
    {"encode": "one-hot", "of": "Treatment", "categories": ["0", "1"], "missing": "0", "numbers": "normalised"},
    {"encode": "one-hot", "of": "M-stage", "categories": ["M0", "M1", "Mx", "Unknown"],
     "missing": "Unknown", "numbers": "as-written"},
]
RECORDS = {
    "complete": '{"Age": 71, "Gender": 1, "Tobacco Consumption": 0, "Alcohol Consumption": 1.0, '
                '"Performance Status": 2, "Treatment": 1, "M-stage": "M0"}',
    "texts": '{"Age": "58", "Gender": "1.0", "Tobacco Consumption": 1.0, "Alcohol Consumption": 1, '
             '"Performance Status": "1", "Treatment": 0.0, "M-stage": "Mx"}',
    "partial": '{"Age": NaN, "Gender": null, "Tobacco Consumption": "", "Alcohol Consumption": "Unknown", '
               '"Treatment": 1, "M-stage": "M1",}',
    "empty": "{}",
}
# The same records as a person reads them: a number, a text, or nothing.
VALUES = {
    "complete": {"Age": 71.0, "Gender": "1", "Tobacco Consumption": "0", "Alcohol Consumption": "1.0",
                 "Performance Status": "2", "Treatment": "1", "M-stage": "M0"},
    "texts": {"Age": 58.0, "Gender": "1", "Tobacco Consumption": "1", "Alcohol Consumption": "1",
              "Performance Status": "1", "Treatment": "0", "M-stage": "Mx"},
    "partial": {"Treatment": "1", "M-stage": "M1"},
    "empty": {},
}


def vector(values: dict) -> np.ndarray:
    """The clinical vector of one record."""
    numbers: list[float] = []
    for entry in FEATURES:
        value = values.get(entry["of"])
        if entry["encode"] == "number":
            numbers.append(((entry["missing"] if value is None else value) - entry["mean"]) / entry["scale"])
        elif entry["encode"] == "missing-flag":
            numbers.append(float(value is None))
        else:
            text = entry["missing"] if value is None else value
            numbers.extend(float(text == category) for category in entry["categories"])
    return np.array(numbers, np.float32)


def ball(shape, spacing, origin, centre, radius) -> np.ndarray:
    """True within a ball, in z, y, x order."""
    axes = [origin[a] + spacing[a] * np.arange(shape[a]) for a in range(3)]
    x, y, z = np.meshgrid(*axes, indexing="ij")
    inside = (x - centre[0]) ** 2 + (y - centre[1]) ** 2 + (z - centre[2]) ** 2 <= radius**2
    return inside.transpose(2, 1, 0)


def make_case(rng: np.random.Generator) -> dict[str, sitk.Image]:
    """A ball of soft tissue with a hot lesion, its planning CT and the dose around the lesion."""
    grids = {
        "ct": ((30, 28, 20), (5, 5, 7), (-71.3, -68.2, -63.1)),
        "pet": ((24, 24, 24), (6, 6, 6), (-70.4, -69.1, -66.6)),
        "ct-planning": ((26, 26, 18), (5.5, 5.5, 7.5), (-69.0, -70.5, -60.2)),
        "rt-dose": ((14, 14, 14), (8, 8, 8), (-45.0, -50.0, -48.0)),
    }
    images = {}
    for name, (shape, spacing, origin) in grids.items():
        body = ball(shape, spacing, origin, (0, 0, 0), 58)
        lesion = ball(shape, spacing, origin, (12, -8, 10), 18)
        noise = rng.standard_normal(body.shape)
        if name in ("ct", "ct-planning"):
            values = np.round(np.where(body, 40 + 30 * lesion + 10 * noise, -1000)).astype(np.int16)
        elif name == "pet":
            values = np.where(body, 1 + 9 * lesion + 0.1 * noise, 0).clip(0).round(2).astype(np.float32)
        else:
            values = np.where(body, 20 + 48 * lesion + noise, 0).clip(0).round(2).astype(np.float32)
        images[name] = image(values, spacing, origin, IDENTITY)
    return images


def edges(source: sitk.Image) -> tuple[np.ndarray, np.ndarray]:
    """Outer voxel edges of an image with identity direction."""
    spacing = np.array(source.GetSpacing())
    low = np.array(source.GetOrigin()) - spacing / 2
    return low, low + spacing * np.array(source.GetSize())


def prepared(images: dict[str, sitk.Image], channels: list[str]) -> np.ndarray:
    """The tensor (1, C, Z, Y, X): common box by voxel edges, B-spline, 0 to 1, area average."""
    lows, highs = zip(edges(images["ct"]), edges(images["pet"]))
    low, high = np.maximum(*lows), np.minimum(*highs)
    size = np.round((high - low) / SPACING).astype(int)
    planes = []
    for name in channels:
        if name in images:
            resampler = sitk.ResampleImageFilter()
            resampler.SetOutputDirection(IDENTITY)
            resampler.SetOutputSpacing([SPACING] * 3)
            resampler.SetOutputOrigin(((low + high - (size - 1) * SPACING) / 2).tolist())
            resampler.SetSize(size.tolist())
            resampler.SetInterpolator(sitk.sitkBSpline)
            resampler.SetOutputPixelType(sitk.sitkFloat32)
            resampler.SetDefaultPixelValue(OUTSIDE[name])
            values = sitk.GetArrayFromImage(resampler.Execute(images[name]))
        else:  # A constant, whatever its value: scaled by its own range it is 0.
            values = np.zeros(size[::-1], np.float32)
        values = (values - values.min()) / (values.max() - values.min() + np.float32(EPSILON))
        planes.append(torch.from_numpy(values)[None, None])
    area = [torch.nn.functional.interpolate(plane, (SIZE,) * 3, mode="area") for plane in planes]
    return torch.cat(area, 1).numpy()


def network(rng, channels: int, features: int, width: int, gain: float = 1.0) -> onnx.ModelProto:
    """Convolution and mean of the image, a dense layer of the vector, both mixed. 0 leaves one out."""
    nodes, weights, inputs, parts, total = [], [], [], [], 0

    def tensor(name: str, *shape: int, scale: float = 1.0) -> str:
        weights.append(numpy_helper.from_array((rng.standard_normal(shape) * scale).astype(np.float32), name))
        return name

    if channels:
        inputs.append(helper.make_tensor_value_info("image", TensorProto.FLOAT, ["n", channels, SIZE, SIZE, SIZE]))
        kernel = tensor("kernel", 8, channels, 3, 3, 3, scale=0.5)
        nodes += [
            helper.make_node("Conv", ["image", kernel, tensor("shift", 8)], ["c"], strides=[2, 2, 2]),
            helper.make_node("Relu", ["c"], ["r"]),
            helper.make_node("GlobalAveragePool", ["r"], ["p"]),
            helper.make_node("Flatten", ["p"], ["seen"]),
        ]
        parts.append("seen")
        total += 8
    if features:
        inputs.append(helper.make_tensor_value_info("clinical", TensorProto.FLOAT, ["n", features]))
        nodes += [
            helper.make_node("Gemm", ["clinical", tensor("dense", features, 8), tensor("bias", 8)], ["d"]),
            helper.make_node("Relu", ["d"], ["known"]),
        ]
        parts.append("known")
        total += 8
    nodes += [
        helper.make_node("Concat", parts, ["both"], axis=1),
        helper.make_node("Gemm", ["both", tensor("mix", total, width, scale=0.4 * gain), tensor("last", width)], ["out"]),
    ]
    outputs = [helper.make_tensor_value_info("out", TensorProto.FLOAT, ["n", width])]
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], producer_name="tests")
    model.ir_version = 8
    onnx.checker.check_model(model, full_check=True)
    return model


def run(model: onnx.ModelProto, tensor: np.ndarray, features: np.ndarray) -> np.ndarray:
    """The output of a network for one case, float32."""
    session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    given = {"image": tensor, "clinical": features[None]}
    return session.run(None, {i.name: given[i.name] for i in session.get_inputs()})[0][0]


def make_survival(rng) -> dict:
    """Three folds, each a bag of estimators; one estimator uses no feature."""
    folds = []
    for fold in range(3):
        estimators = []
        for k in range(4):
            used = [] if (fold, k) == (1, 2) else sorted(rng.choice(WIDTH, 3, replace=False).tolist())
            estimators.append({
                "usedFeatures": used,
                "weights": [float(s) for s in rng.choice([-1, 1], len(used))],
                "mean": [float(np.float32(v)) for v in rng.standard_normal(len(used))],
                "std": [float(np.float32(v)) for v in rng.uniform(0.5, 2, len(used))],
                "meanPrediction": float(rng.standard_normal() * 0.1),
                "stdPrediction": float(rng.uniform(0.5, 1.5)),
            })
        bag = {"aggregation": ["mean", "median", "mean"][fold], "features": WIDTH, "estimators": estimators}
        folds.append({"fold": fold, "bag": bag})
    return {"version": 1, "kind": "icare", "folds": folds}


def risk_of(estimator: dict, features: np.ndarray) -> float:
    """One estimator: standardised features times their signs, their mean standardised again."""
    used = estimator["usedFeatures"]
    if not used:
        return 1.0
    z = (features[used] - np.float32(estimator["mean"])) / np.float32(estimator["std"])
    mean = np.mean(z.astype(np.float64) * estimator["weights"])
    return float((mean - estimator["meanPrediction"]) / estimator["stdPrediction"])


def bag_of(bag: dict, features: np.ndarray) -> float:
    """The mean or median of a bag's estimators."""
    return float(getattr(np, bag["aggregation"])([risk_of(e, features) for e in bag["estimators"]]))


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities of one row of logits."""
    e = np.exp(logits - logits.max())
    return e / e.sum()


def recipe(name: str, channels: list[str], models: list[dict], head: dict, **more) -> dict:
    """A recipe over the steps that `prepared` does."""
    outside = {channel: OUTSIDE[channel] for channel in channels}
    return {
        "version": 1, "kind": "prediction", "name": name, **more,
        "preprocessing": [
            {"step": "resample", "to": "common-box", "spacing": [SPACING] * 3, "extent": "voxel-edges",
             "interpolation": "bspline", "outside": outside, "pixelType": "float32"},
            *({"step": "min-max", "image": channel, "epsilon": EPSILON} for channel in channels),
            {"step": "resize-area", "size": [SIZE] * 3},
        ],
        "tensor": {"channels": channels, "axes": ["z", "y", "x"]},
        "features": FEATURES, "models": models, "head": head,
    }


def main() -> None:
    """Writes everything."""
    rng = np.random.default_rng(20250)
    OUT.mkdir(parents=True, exist_ok=True)
    images = make_case(rng)
    for name, made in images.items():
        sitk.WriteImage(made, str(OUT / f"{name}.mha"), True)
    plain = {name: images[name] for name in ("ct", "pet")}
    length = len(vector({}))

    def save(name: str, model: onnx.ModelProto) -> onnx.ModelProto:
        onnx.save(model, OUT / f"{name}.onnx")
        return model

    def write(name: str, value: dict) -> None:
        (OUT / name).write_text(json.dumps(value, indent=1) + "\n")

    def entry(name: str, weight: float = 1, both: bool = True) -> dict:
        inputs = {"image": "image", **({"features": "clinical"} if both else {})}
        return {"file": f"{name}.onnx", "inputs": inputs, "output": "out", "weight": weight}

    folds = [save(f"fold_{k}", network(rng, 2, length, WIDTH)) for k in range(3)]
    survival = make_survival(rng)
    write("survival.json", survival)
    weights = [0.5, 0.2, 0.3]
    write("icare.json", recipe(
        "icare", ["ct", "pet"], [entry(f"fold_{k}", weights[k]) for k in range(3)],
        {"kind": "icare", "file": "survival.json", "combine": "median"}))

    risks = [save("risk_0", network(rng, 4, length, 1)), save("risk_1", network(rng, 4, 0, 1))]
    channels = ["ct", "pet", "ct-planning", "rt-dose"]
    write("risk.json", recipe(
        "risk", channels, [entry("risk_0", 1), entry("risk_1", 3, both=False)],
        {"kind": "risk", "higherIs": "later", "combine": "weighted-mean"},
        inputs={"ct-planning": {"absent": -1000}, "rt-dose": {"absent": 0}}))

    classes = [save(f"class_{k}", network(rng, 2, length, 2, gain=0.5)) for k in range(2)]
    write("class.json", recipe(
        "class", ["ct", "pet"], [entry("class_0", 1), entry("class_1", 2)],
        {"kind": "class", "positive": 1, "decide": "argmax", "combine": "mean-logits"}))

    # For tests that need a known sum, or no vector at all.
    save("image", network(rng, 2, 0, 2))
    total = helper.make_node("ReduceSum", ["clinical", "axes"], ["out"], keepdims=1)
    graph = helper.make_graph(
        [total], "sum",
        [helper.make_tensor_value_info("clinical", TensorProto.FLOAT, ["n", 2])],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, ["n", 1])],
        [numpy_helper.from_array(np.array([1], np.int64), "axes")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], producer_name="tests")
    model.ir_version = 8
    onnx.checker.check_model(model, full_check=True)
    save("sum", model)

    tensor = prepared(plain, ["ct", "pet"])
    cases = []
    for name, text in RECORDS.items():
        features = vector(VALUES[name])
        each = [bag_of(fold["bag"], run(model, tensor, features)) for fold, model in zip(survival["folds"], folds)]
        logits = np.stack([run(model, tensor, features) for model in classes]).astype(np.float64)
        mean = (logits[0] + 2 * logits[1]) / 3
        probabilities = (softmax(logits[0]) + 2 * softmax(logits[1])) / 3
        risk = {}
        for key, missing in {"all": [], "no-dose": ["rt-dose"], "no-planning": ["ct-planning"],
                             "neither": ["rt-dose", "ct-planning"]}.items():
            given = prepared({n: i for n, i in images.items() if n not in missing}, channels)
            a, b = (float(run(model, given, features)[0]) for model in risks)
            risk[key] = -(a + 3 * b) / 4
        cases.append({
            "name": name, "ehr": text, "vector": features.tolist(),
            "icare": {"folds": each, "median": float(np.median(each)), "mean": float(np.mean(each)),
                      "weighted-mean": float(np.dot(each, weights)), "best": each[0]},
            "risk": risk,
            "class": {"mean-logits": float(softmax(mean)[1]), "mean-probabilities": float(probabilities[1]),
                      "folds": [float(softmax(row)[1]) for row in logits]},
        })
    write("expected.json", {
        "versions": {"torch": torch.__version__, "SimpleITK": sitk.Version_VersionString(),
                     "onnxruntime": ort.__version__, "numpy": np.__version__, "onnx": onnx.__version__},
        "tensor": {"mean": float(tensor.mean()), "max": float(tensor.max())},
        "cases": cases,
    })


if __name__ == "__main__":
    main()
