"""Every screen, once: what navigation, links and tests read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rnnlab.config import Setting


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


COMPARISON: dict[str, tuple[Setting, type]] = {
    "prime": (Setting("Prime", "True values or tokens that are read first.", low=1, high=300), int),
    "horizon": (Setting("Horizon", "Steps that the network runs alone.", low=50, high=1500), int),
    "start": (Setting("Start", "Place in the validation part.", low=0, high=1_000_000), int),
    "temperature": (Setting("Temperature", "How freely it draws.", low=0.1, high=2.0), float),
    "draw": (Setting("Seed of the free run", "Decides the draws.", low=0, high=2**31 - 1), int),
    "way": (Setting("Way", "How the output is fed back."), str),
}
"""What Compare's link may carry. One run may allow less: Compare says so where it shows the value."""

HOME = Screen("home", "Home", ":material/home:")
DATA = Screen("data", "Data", ":material/dataset:")
TRAIN = Screen("train", "Train", ":material/model_training:")
COMPARE = Screen("compare", "Compare", ":material/compare_arrows:", COMPARISON)
RUNS = Screen("runs", "Runs", ":material/list:")

SCREENS = {screen.name: screen for screen in (HOME, DATA, TRAIN, COMPARE, RUNS)}
"""In the order of the navigation; the first is where the lab opens."""
