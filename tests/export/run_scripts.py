"""Run exported scripts one after another in this process, in which `rnnlab` cannot be imported.

    python run_scripts.py FOLDER ...

Each folder has `script.py`, and maybe `weights.npz`. The results are written beside them as `results.json`.
"""

import importlib.abc
import json
import runpy
import sys
from pathlib import Path


class NoLab(importlib.abc.MetaPathFinder):
    """Nothing that a script imports may be the lab."""

    def find_spec(self, fullname, path=None, target=None):
        if fullname.split(".")[0] == "rnnlab":
            raise ImportError(f"{fullname} does not belong into an exported script")


def results_of(names):
    """What a script leaves in its names, as lists."""
    found = {name: names[name] for name in ("losses", "generated") if name in names}
    return {name: [float(one) for one in values] for name, values in found.items()}


def main(folders):
    sys.meta_path.insert(0, NoLab())
    for folder in map(Path, folders):
        script, weights = folder / "script.py", folder / "weights.npz"
        results = {}
        for kind, arguments in {"trained": [], "loaded": [str(weights)]}.items():
            if kind == "loaded" and not weights.exists():
                continue
            sys.argv = [str(script), *arguments]
            results[kind] = results_of(runpy.run_path(str(script), run_name="__main__"))
        (folder / "results.json").write_text(json.dumps(results))
    if "rnnlab" in sys.modules:
        raise SystemExit("a script has loaded rnnlab")


main(sys.argv[1:])
