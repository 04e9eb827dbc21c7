"""Say where a Chromium is that Playwright can drive; exit with 1 when there is none."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright


def chromium_path() -> str | None:
    """The system's Chromium, without its window if there is one, else the one that Playwright installed, else None."""
    system = shutil.which("chromium-headless-shell") or shutil.which("chromium") or shutil.which("chromium-browser")
    if system:
        return system
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if own and Path(own).exists() else None


if __name__ == "__main__":
    path = chromium_path()
    print(path or "no Chromium found", file=sys.stdout if path else sys.stderr)
    sys.exit(0 if path else 1)
