"""Every screen, once: what navigation, links and tests read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from rnnlab.config import Setting, settings_of
from rnnlab.config.sampling import Sampling


@dataclass(frozen=True)
class Screen:
    """One screen.

    Attributes:
        name: in its link, and of its file in `pages/`.
        title: in the navigation.
        icon: in the navigation.
        parameters: what its link carries beside a run and the settings: what is allowed, and the type.
    """

    name: str
    title: str
    icon: str
    parameters: Mapping[str, tuple[Setting, type]] = field(default_factory=dict)

    @property
    def page(self) -> str:
        """Its file, as Streamlit is told of it."""
        return f"pages/{self.name}.py"


_SAMPLING = {name: (row, kind) for name, row, kind in settings_of(Sampling)}

EVERYWHERE: dict[str, tuple[Setting, type]] = {
    "present": (Setting("Present", "Fold the settings away and enlarge the picture."), bool),
}
"""What the link of every screen may carry."""

COMPARISON: dict[str, tuple[Setting, type]] = {
    "prime": (
        Setting("Prime", "True values or tokens that are read before it runs alone.", low=1, high=1000),
        int,
    ),
    "horizon": (Setting("Horizon", "Steps that the network runs alone.", low=1, high=5000), int),
    "start": (
        Setting("Start", "Where the passage begins in the validation part.", low=0, high=1_000_000),
        int,
    ),
    "way": (Setting("Way", "How the output is fed back."), str),
    "passage": (Setting("Passage", "Whose text is coloured.", choices=("validation", "own")), str),
    "word": (Setting("Picked word", "Its position in the passage, from 0.", low=0, high=1000), int),
    "beginning": (
        Setting(
            "Beginning",
            "Text that the network continues.",
            pattern="(?s).{0,200}",
            example="a text of at most 200 characters",
        ),
        str,
    ),
    "temperature": (replace(_SAMPLING["temperature"][0], low=0.1, high=10.0), float),
    "top_k": _SAMPLING["top_k"],
    "top_p": _SAMPLING["top_p"],
    "ban": (
        Setting(
            "Never draw",
            "Words that may not be drawn.",
            pattern="((<unk>|N|<eos>)( (?!$)|$))*",
            example="some of <unk>, N and <eos>, with blanks between",
        ),
        str,
    ),
    "draw": (Setting("Seed of the free run", "Decides the draws.", low=0, high=2**31 - 1), int),
}
"""What Compare's link may carry. One run may allow less: Compare says so where it shows the value."""

HOME = Screen("home", "Home", ":material/home:")
DATA = Screen("data", "Data", ":material/dataset:")
TRAIN = Screen("train", "Train", ":material/model_training:")
COMPARE = Screen("compare", "Compare", ":material/compare_arrows:", COMPARISON)
RUNS = Screen("runs", "Runs", ":material/list:")

SCREENS = {screen.name: screen for screen in (HOME, DATA, TRAIN, COMPARE, RUNS)}
"""In the order of the navigation; the first is where the lab opens."""
