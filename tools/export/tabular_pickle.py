"""Fitted tabular models out of pickles and joblib files, without running what they hold.

The unpickler of restricted_pickle.py turns a file into inert records and refuses every name that is not
listed. `revive` then builds the objects: of the classes below alone, each made empty and given its
attributes. Nothing that the file names is called, neither a function nor a class's own way of being
unpickled; arrays of trees, which compiled code would follow blindly, are checked first.
"""

from __future__ import annotations

import importlib
import pathlib
from typing import Any

import numpy as np

from errors import ExportError
from inert import Array, Dtype, Record, record_class
from restricted_pickle import load_pickle

# A forest of 1000 survival trees has close to a gigabyte.
MAX_UNCOMPRESSED_BYTES = 8 * 2**30

CLASSES = {
    "sklearn.pipeline": "Pipeline",
    "sklearn.compose._column_transformer": "ColumnTransformer _RemainderColsList",
    "sklearn.preprocessing._data": "StandardScaler MinMaxScaler MaxAbsScaler RobustScaler PowerTransformer",
    "sklearn.preprocessing._encoders": "OneHotEncoder OrdinalEncoder",
    "sklearn.preprocessing._function_transformer": "FunctionTransformer",
    "sklearn.preprocessing._label": "LabelEncoder LabelBinarizer",
    "sklearn.impute._base": "SimpleImputer",
    "sklearn.feature_selection._variance_threshold": "VarianceThreshold",
    "sklearn.feature_selection._univariate_selection": "SelectKBest SelectPercentile",
    "sklearn.feature_selection._from_model": "SelectFromModel",
    "sklearn.feature_selection._rfe": "RFE RFECV",
    "sklearn.decomposition._pca": "PCA",
    "sklearn.linear_model._base": "LinearRegression",
    "sklearn.linear_model._logistic": "LogisticRegression LogisticRegressionCV",
    "sklearn.linear_model._ridge": "Ridge RidgeCV",
    "sklearn.linear_model._coordinate_descent": "Lasso LassoCV ElasticNet ElasticNetCV",
    "sklearn.tree._classes": "DecisionTreeClassifier DecisionTreeRegressor ExtraTreeClassifier ExtraTreeRegressor",
    "sklearn.ensemble._forest": "RandomForestClassifier RandomForestRegressor ExtraTreesClassifier ExtraTreesRegressor",
    "sklearn.ensemble._gb": "GradientBoostingClassifier GradientBoostingRegressor",
    "sklearn.ensemble._hist_gradient_boosting.gradient_boosting": "HistGradientBoostingClassifier "
    "HistGradientBoostingRegressor",
    "sklearn.ensemble._hist_gradient_boosting.binning": "_BinMapper",
    "sklearn.ensemble._hist_gradient_boosting.predictor": "TreePredictor",
    "sklearn.ensemble._stacking": "StackingClassifier StackingRegressor",
    "sklearn.ensemble._voting": "VotingClassifier VotingRegressor",
    "sklearn.dummy": "DummyClassifier DummyRegressor",
    "sklearn._loss.loss": "HalfBinomialLoss HalfMultinomialLoss HalfSquaredError ExponentialLoss",
    "sklearn._loss.link": "IdentityLink LogitLink HalfLogitLink MultinomialLogit Interval",
    "sklearn.utils._bunch": "Bunch",
    "xgboost.sklearn": "XGBClassifier XGBRegressor XGBRFClassifier XGBRFRegressor",
    "xgboost.core": "Booster",
    "lightgbm.sklearn": "LGBMClassifier LGBMRegressor",
    "lightgbm.basic": "Booster",
    "catboost.core": "CatBoost CatBoostClassifier CatBoostRegressor",
    "sksurv.linear_model.coxph": "CoxPHSurvivalAnalysis BreslowEstimator",
    "sksurv.linear_model.coxnet": "CoxnetSurvivalAnalysis",
    "sksurv.functions": "StepFunction",
    "sksurv.tree.tree": "SurvivalTree ExtraSurvivalTree",
    "sksurv.ensemble.forest": "RandomSurvivalForest ExtraSurvivalTrees",
    "sksurv.ensemble.boosting": "GradientBoostingSurvivalAnalysis ComponentwiseGradientBoostingSurvivalAnalysis "
    "_ComponentwiseLeastSquares",
    "sksurv.ensemble.survival_loss": "CoxPH CensoredSquaredLoss IPCWLeastSquaresError",
    "sksurv.ensemble._survival_loss": "CoxPH CensoredSquaredLoss IPCWLeastSquaresError",
    "sksurv.preprocessing": "OneHotEncoder",
}

# A fitted CoxPHFitter is not built; its numbers are read off these.
LIFELINES = {
    "lifelines.fitters.coxph_fitter": "CoxPHFitter SemiParametricPHFitter",
    "lifelines.utils": "CensoringType CovariateParameterMappings",
}

LOSSES = " ".join(
    f"{start}{name}" for start in ("Cy", "__pyx_unpickle_Cy")
    for name in ("HalfBinomialLoss", "HalfMultinomialLoss", "HalfSquaredError", "ExponentialLoss")
)  # fmt: skip

# Read, but of no use to a prediction: they become None.
UNUSED = {
    "sklearn.tree._tree": "Tree",  # made by _tree, from checked arrays
    "sklearn._loss._loss": LOSSES,
    "_loss": LOSSES,  # before scikit-learn 1.6
    "sklearn.feature_selection._univariate_selection": "f_classif f_regression chi2",
    "sklearn.feature_selection._mutual_info": "mutual_info_classif mutual_info_regression",
    "numpy.random.mtrand": "RandomState",
    "numpy": "memmap",  # named by arrays that joblib had mapped; their bytes are in the file
}

# These take apart what their own pickling made; the library's native reader does the work.
OWN_STATE = {"xgboost.core.Booster", "lightgbm.basic.Booster", "catboost.core.CatBoost",
             "catboost.core.CatBoostClassifier", "catboost.core.CatBoostRegressor"}  # fmt: skip


class StructuredDtype(Dtype):
    """Also structured types, those of the nodes of scikit-learn's trees."""

    def real(self) -> np.dtype:
        fields = self.state[4] if isinstance(self.state, tuple) and len(self.state) > 5 else None
        if not isinstance(fields, dict):
            return super().real()
        names = [str(name) for name in self.state[3]]
        formats = [fields[name][0].real() for name in names]
        offsets = [int(fields[name][1]) for name in names]
        if np.dtype("O") in formats:
            raise ValueError("a structured array of objects")
        spec = {"names": names, "formats": formats, "offsets": offsets, "itemsize": int(self.state[5])}
        return np.dtype(spec)


class Items(Record):
    """A mapping with attributes, such as scikit-learn's Bunch."""

    def __setitem__(self, key: str, value: Any) -> None:
        self.state[key] = value

    def __setstate__(self, state: Any) -> None:
        """The attributes are of no use here."""


def _bytearray(raw: bytes = b"") -> bytearray:
    if not isinstance(raw, bytes):
        raise ValueError("a bytearray that is not made of bytes")
    return bytearray(raw)


def load_model(path: pathlib.Path) -> Any:
    """The records of a pickle or joblib file.

    Raises ExportError for a file that is damaged or names something that is not listed.
    """
    names: dict[tuple[str, str], Any] = {("numpy", "dtype"): StructuredDtype, ("builtins", "bytearray"): _bytearray}
    for module, listed in [*CLASSES.items(), *UNUSED.items(), *LIFELINES.items()]:
        names.update({(module, name): record_class(module, name) for name in listed.split()})
    for module, name in (("sklearn.utils._bunch", "Bunch"), ("collections", "defaultdict")):
        names[(module, name)] = type(name, (Items,), {"qualified": f"{module}.{name}"})
    try:
        return load_pickle(path, more=names, limit=MAX_UNCOMPRESSED_BYTES)
    except ExportError as error:
        if "--trust-checkpoint" in error.fix:
            error.fix = "save a model without it (of a search its best_estimator_); docs/tabular.md lists what is read"
        raise


def _make_finite(thresholds: np.ndarray) -> None:
    """A split of missing values from all others has an infinite threshold, on which skl2onnx hangs."""
    np.minimum(thresholds, np.finfo(np.float32).max, out=thresholds)


class Reviver:
    """Builds objects from the records of one file; ``versions`` are those of scikit-learn that saved them."""

    def __init__(self, path: pathlib.Path) -> None:
        self._path = path
        self._made: dict[int, Any] = {}
        self._kept: list[Any] = []  # keeps what ids stand for
        self.versions: set[str] = set()

    def revive(self, value: Any) -> Any:
        if isinstance(value, Array):
            value = value.value
        if value is None or isinstance(value, (str, bytes, bytearray, bool, int, float, complex, np.generic)):
            return value
        if id(value) not in self._made:
            self._kept.append(value)
            self._made[id(value)] = self._build(value)
        return self._made[id(value)]

    def _build(self, value: Any) -> Any:
        if isinstance(value, np.ndarray):
            if value.dtype != np.dtype("O"):
                return value.copy()
            made = np.empty(value.shape, dtype=object)
            made.reshape(-1)[:] = [self.revive(item) for item in value.reshape(-1)]
            return made
        if isinstance(value, Dtype):
            return value.real()
        if isinstance(value, Record):
            return self._object(value)
        if isinstance(value, dict):
            return {self.revive(key): self.revive(item) for key, item in value.items()}
        if isinstance(value, (list, tuple, set, frozenset)):
            return type(value)(self.revive(item) for item in value)
        if isinstance(value, type) and issubclass(value, Record) and value.qualified.startswith("numpy."):
            kind = getattr(np, value.qualified.removeprefix("numpy."))
            return kind if isinstance(kind, type) and issubclass(kind, np.generic) else None
        return None

    def _object(self, record: Record) -> Any:
        module, name = record.qualified.rsplit(".", 1)
        if record.qualified == "builtins.slice":
            return slice(*(self.revive(item) for item in record.args))
        if record.qualified == "sklearn.tree._tree.Tree":
            return self._tree(record)
        if isinstance(record, Items):
            return {key: self.revive(item) for key, item in record.state.items()}
        if name not in CLASSES.get(module, "").split():
            return None
        try:
            made = object.__new__(getattr(importlib.import_module(module), name))
        except (ImportError, AttributeError) as error:
            package = module.split(".")[0]
            raise ExportError(
                f"{self._path}: holds a {record.qualified}, which the {package} installed here does not have",
                f"install the version of {package} that saved it (tools/export/requirements-tabular.txt has ours)",
            ) from error
        state = self.revive(record.state)
        if not isinstance(state, dict):
            raise ExportError(f"{self._path}: a {name} without attributes", "save it again with joblib.dump")
        version = state.pop("_sklearn_version", None)
        if isinstance(version, str):
            self.versions.add(version)
        if record.qualified in OWN_STATE:
            made.__setstate__(state)
        else:
            vars(made).update(state)
        for predictor in (tree for stage in state.get("_predictors", []) for tree in stage):
            self._assert_bins(predictor.nodes, made.n_features_in_)
        for part in [made, *np.ravel(np.asarray(state.get("estimators_", []), dtype=object))]:
            # The number of columns is checked of the model, not of its trees.
            if hasattr(part, "tree_") and part.tree_.n_features != made.n_features_in_:
                raise self._damaged()
        return made

    def _tree(self, record: Record) -> Any:
        """scikit-learn's Tree, whose compiled code follows the indices of its nodes unchecked."""
        from sklearn.tree._tree import Tree

        features, classes, outputs = (self.revive(item) for item in record.args)
        state = self.revive(record.state)
        nodes, count = state["nodes"], state["node_count"]
        inner = nodes["left_child"] != -1
        self._assert_nodes(nodes, inner, nodes["left_child"], nodes["right_child"], nodes["feature"], features)
        if count != len(nodes) or outputs != len(classes) or not (np.asarray(classes) > 0).all():
            raise self._damaged()
        _make_finite(nodes["threshold"])
        tree = Tree(int(features), np.asarray(classes, dtype=np.intp), int(outputs))
        tree.__setstate__({"max_depth": int(state["max_depth"]), "node_count": count,
                           "nodes": nodes, "values": state["values"]})  # fmt: skip
        return tree

    def _assert_bins(self, nodes: np.ndarray, features: int) -> None:
        inner = nodes["is_leaf"] == 0
        if nodes["is_categorical"][inner].any():
            raise ExportError(f"{self._path}: splits by categories", "encode them as numbers before the model")
        self._assert_nodes(nodes, inner, nodes["left"], nodes["right"], nodes["feature_idx"], features)
        _make_finite(nodes["num_threshold"])

    def _assert_nodes(self, nodes, inner, left, right, feature, features) -> None:
        """Children lie behind their parent within the tree, and features are there."""
        place = np.arange(len(nodes))[inner]
        for child in (left[inner].astype(np.int64), right[inner].astype(np.int64)):
            if not ((child > place) & (child < len(nodes))).all():
                raise self._damaged()
        if not ((feature[inner] >= 0) & (feature[inner] < features)).all():
            raise self._damaged()

    def _damaged(self) -> ExportError:
        return ExportError(f"{self._path}: holds a tree whose nodes do not fit together", "save the model again")
