"""Every screen, once: what navigation, links and tests read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from rnnlab.config import CONTINUE_SERIES, CONTINUE_TEXT, RECALL, Setting, settings_of
from rnnlab.config.sampling import Sampling
from rnnlab.data.properties import PROPERTIES
from rnnlab.lessons.link import LESSON


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

MOST_OTHERS = 4
"""Runs that Compare shows beside the chosen one: of more, nobody tells the curves apart."""

COMPARED_TOGETHER = (CONTINUE_SERIES, CONTINUE_TEXT, RECALL)
"""Tasks of which Compare shows several runs on the same axes."""

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
    "with": (
        Setting(
            "Other runs",
            "Runs on the same axes, by their ids.",
            pattern=rf"([\w-]{{1,32}}(,[\w-]{{1,32}}){{0,{MOST_OTHERS - 1}}})?",
            example=f"the ids of at most {MOST_OTHERS} runs, with commas between them",
        ),
        str,
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

LOOK_INSIDE: dict[str, tuple[Setting, type]] = {
    "study": (
        Setting("Figure", "Which figure is shown.", pattern="[a-z-]{0,40}", example="at most 40 small letters"),
        str,
    ),
    "steps": (Setting("Steps", "Steps that are looked at after the prime.", low=20, high=100_000), int),
    "periods": (Setting("Periods", "Periods of the wave that it runs alone.", low=3, high=1500), int),
    "at": (Setting("Step of the push", "Steps after the prime.", low=0, high=100_000), int),
    "push": (Setting("Size of the push", "Relative to the state.", low=1e-6, high=10.0), float),
    "words": (Setting("Words of the passage", "Words, or characters, that are read.", low=2, high=2000), int),
    "picked": (Setting("Predicted word", "Its position in the passage, from 1.", low=1, high=1999), int),
    "replacing": (
        Setting("In its place", "What is read in place of an earlier word.", choices=("away", "number")),
        str,
    ),
    "reach": (Setting("Reach", "Read as one passage, or in training's windows.", choices=("whole", "windows")), str),
    "property": (Setting("Property", "What a unit could know of the text.", choices=tuple(PROPERTIES)), str),
    "part": (Setting("Gate or state", "Which one is drawn.", choices=("i", "f", "g", "o", "z", "r", "h", "c")), str),
    "layer": (Setting("Layer", "Counted from 1.", low=1, high=100), int),
    "unit": (Setting("Unit", "Which unit of the layer is picked, counted from 1.", low=1, high=100_000), int),
    "regime": (Setting("Regime", "How the network is run.", choices=("forced", "free", "difference")), str),
    "moment": (Setting("Step", "Which time step is looked at, counted from 0.", low=0, high=100_000), int),
    "back": (Setting("Steps back", "From the error.", low=1, high=500), int),
    "apart": (Setting("Steps apart", "From an input to an output.", low=0, high=7), int),
    "bias": (Setting("Forget bias", "Of one more untrained LSTM.", low=-20.0, high=20.0), float),
}
"""What the link of Look inside may carry, beside a prime."""

PLAYED = COMPARISON | LOOK_INSIDE
"""Every value that a class plays with on these two screens. A value that both have is the same on both."""

HOME = Screen("home", "Home", ":material/home:")
LESSONS = Screen("lessons", "Lessons", ":material/school:", LESSON)
DATA = Screen("data", "Data", ":material/dataset:")
TRAIN = Screen("train", "Train", ":material/model_training:")
COMPARE = Screen("compare", "Compare", ":material/compare_arrows:", COMPARISON | {"push": LOOK_INSIDE["push"]})
INSIDE = Screen(
    "inside", "Look inside", ":material/search:", LOOK_INSIDE | {name: COMPARISON[name] for name in ("prime", "start")}
)
RUNS = Screen("runs", "Runs", ":material/list:")

SCREENS = {screen.name: screen for screen in (HOME, LESSONS, DATA, TRAIN, COMPARE, INSIDE, RUNS)}
"""In the order of the navigation; the first is where the lab opens."""
