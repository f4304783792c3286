"""Which images the network's channels are, and which labels of the challenge its classes are."""

from __future__ import annotations

import pathlib
import re
from dataclasses import dataclass

from errors import ExportError

CHANNELS = {"ct": ("ct", "cect", "ctscan"), "pet": ("pet", "pt", "suv", "suvbw", "fdg", "fdgpet", "petsuv", "suvpet")}
CHALLENGE = {"GTVp": 1, "GTVn": 2}
PRIMARY = re.compile(r"gtv|gtvt|gtvp\w*|.*primary.*|tumou?r|t")
NODES = re.compile(r"gtvn\w*|.*(node|nodal|lymph).*|ln|n")


@dataclass(frozen=True)
class Labels:
    """The network's outputs: ``count`` of them, sigmoid regions if ``regions`` says what they paint."""

    count: int
    values: tuple[int, ...]
    regions: tuple[int, ...] | None
    to: tuple[int, ...]
    notes: tuple[str, ...]

    @property
    def identical(self) -> bool:
        """Whether the values are the challenge's already."""
        return self.to == tuple(range(len(self.to)))


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.casefold())


def channels_of(path: pathlib.Path, dataset: dict, asked: list[str] | None) -> tuple[str, ...]:
    """The image behind each channel, ``ct`` or ``pet``, by the dataset's names or as asked."""
    given = dataset.get("modality") or dataset.get("channel_names")
    if not isinstance(given, dict) or not given:
        raise ExportError(f"{path}: has no channel_names", "copy dataset.json of this training again")
    names = [str(given[key]) for key in sorted(given, key=lambda key: int(key) if str(key).isdecimal() else 0)]
    plain = [re.sub(r"^\d+", "", _plain(name)) for name in names]  # some number them: "0000 CT"
    found = [image for name in plain for image, known in CHANNELS.items() if name in known]
    if asked is None and len(found) != len(names):
        raise ExportError(
            f"{path}: cannot tell CT and PET from the channels {', '.join(names)}",
            "name the images in the order of the channels, e.g. --channels ct pet",
        )
    channels = tuple(asked or found)
    if len(channels) != len(names) or len(set(channels)) != len(channels):
        raise ExportError(
            f"{path}: has the channels {', '.join(names)}, the images for them are {', '.join(channels)}",
            "each channel takes an image of its own: ct or pet",
        )
    return channels


def labels_of(path: pathlib.Path, dataset: dict, asked: dict[str, list[str]] | None) -> Labels:
    """The outputs of the network and the challenge's label for each value that they can give.

    ``asked`` holds for a label of the challenge the names or values of the dataset's. Without it the
    dataset's own names must tell both. Other labels become background.
    """
    listed = _listed(path, dataset)
    singles: dict[int, list[str]] = {}
    for name, held in listed.items():
        if len(held) == 1:
            singles.setdefault(held[0], []).append(name)
    values = tuple(sorted({v for vs in listed.values() for v in vs}))
    regions = _regions(path, dataset, listed)
    if regions is None and values != tuple(range(len(values))):
        raise ExportError(f"{path}: its labels are {values}", "nnU-Net needs labels 0, 1, 2, ... without gaps")
    target = _targets(path, values, singles, asked)
    painted = values if regions is None else tuple(sorted({0, *regions}))
    to = tuple(target.get(v, 0) for v in range(max(painted) + 1))
    lost = [f"label {_shown(v, singles)} becomes background" for v in painted if v and not target.get(v)]
    never = [f"no voxel can become {name}" for name, v in CHALLENGE.items() if v not in to]
    taken = [
        f"label {_shown(v, singles)} is taken for {name}"
        for name, label in CHALLENGE.items()
        for v in painted
        if target.get(v) == label and asked is None and name.casefold() not in map(_plain, singles[v])
    ]
    return Labels(len(values) if regions is None else len(regions), values, regions, to, (*taken, *lost, *never))


def _shown(value: int, singles: dict[int, list[str]]) -> str:
    return f"{value} ({' or '.join(singles.get(value, ['unnamed']))})"


def _listed(path: pathlib.Path, dataset: dict) -> dict[str, list[int]]:
    """The values of each label or region, without the label that training ignored."""
    try:
        given = {name: r if isinstance(r, list) else [r] for name, r in dataset["labels"].items() if name != "ignore"}
        listed = {name: [int(v) for v in values] for name, values in given.items()}
        valid = listed["background"] == [0] and all(0 <= v <= 255 for values in listed.values() for v in values)
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError):
        valid = False
    if not valid:
        raise ExportError(f"{path}: has no labels by name with a background of 0", "copy dataset.json again")
    return listed


def _regions(path: pathlib.Path, dataset: dict, listed: dict[str, list[int]]) -> tuple[int, ...] | None:
    """What each sigmoid output paints; None for classes."""
    if not any(len(values) > 1 for values in listed.values()):
        return None
    order = dataset.get("regions_class_order")
    outputs = [name for name, values in listed.items() if set(values) != {0}]
    labels = isinstance(order, list) and all(type(v) is int and 0 < v <= 255 for v in order)
    if not labels or len(order) != len(outputs):
        raise ExportError(
            f"{path}: regions_class_order is {order!r}, expected one label for each of {', '.join(outputs)}",
            "copy dataset.json of this training again",
        )
    return tuple(order)


def _targets(
    path: pathlib.Path, values: tuple[int, ...], singles: dict[int, list[str]], asked: dict[str, list[str]] | None
) -> dict[int, int]:
    known = ", ".join(_shown(v, singles) for v in values if v)
    target: dict[int, int] = {}
    if asked is None:
        named = {(label, v) for v, names in singles.items() if v for label in map(_meant, names) if label}
        target = {v: CHALLENGE[label] for label, v in named}
        # Two values of one name, or two names of one value, may be anything: lesions, rings, benign nodes.
        if sorted(label for label, _ in named) != sorted(CHALLENGE) or len(target) < len(CHALLENGE):
            raise ExportError(
                f"{path}: cannot tell {' and '.join(CHALLENGE)} from its labels {known}",
                "say which they are, e.g. --labels GTVp=1 GTVn=2",
            )
    for label, entries in (asked or {}).items():
        for entry in entries:
            found = [v for v in values if v and entry in (str(v), *singles.get(v, ()))]
            if not found:
                raise ExportError(f"{path}: has no label {entry} for {label}", f"it has {known}")
            if target.get(found[0], CHALLENGE[label]) != CHALLENGE[label]:
                raise ExportError(f"--labels {entry} is both {' and '.join(CHALLENGE)}", f"{path} has {known}")
            target[found[0]] = CHALLENGE[label]
    return target


def _meant(name: str) -> str | None:
    """The challenge's label that a name of the dataset probably stands for."""
    plain = _plain(name)
    return "GTVn" if NODES.fullmatch(plain) else "GTVp" if PRIMARY.fullmatch(plain) else None


def parse_labels(asked: list[str] | None) -> dict[str, list[str]] | None:
    """``["GTVp=1", "GTVn=2,3"]`` as a dictionary."""
    if not asked:
        return None
    found: dict[str, list[str]] = {}
    for entry in asked:
        label, _, values = entry.partition("=")
        name = next((known for known in CHALLENGE if known.casefold() == label.casefold()), None)
        if name is None or not values:
            raise ExportError(f"--labels {entry}: expected GTVp=... or GTVn=...", "e.g. --labels GTVp=1 GTVn=2")
        found.setdefault(name, []).extend(values.split(","))
    return found
