"""Time what a person sees in a real browser: from a click or a key to the frame that shows what it brings.

The clock is the page's own: it starts with the event and stops in the frame after the first one in which the condition
holds, so that neither the line to the browser nor the looks of a test are counted.
"""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from tests.support import screen
from tests.support.waiting import PATIENCE

ARM = """() => {
  const holds = () => { try { return %s; } catch { return false; } };
  window.watched = new Promise((resolve, reject) => addEventListener("%s", event => {
    setTimeout(() => reject(new Error("after %d s the page does not show what was awaited")), 1000 * %d);
    const look = () => holds()
      ? requestAnimationFrame(() => resolve(performance.now() - event.timeStamp))
      : requestAnimationFrame(look);
    look();
  }, {capture: true, once: true}));
}"""


def seconds_to_see(page: Page, event: str, act: Callable[[], object], condition: str) -> float:
    """Do something on the page; the seconds until it shows what is wanted.

    Args:
        event: that starts the clock, such as `click`.
        act: brings the event about.
        condition: a JavaScript expression; one that cannot be evaluated yet does not hold yet.
    """
    settle(page)
    page.evaluate(ARM % (condition, event, PATIENCE, PATIENCE))
    act()
    return page.evaluate("() => window.watched") / 1000


def settle(page: Page) -> None:
    """Wait until the page shows all that the server has drawn, and a moment more, in which it comes to rest."""
    screen.wait_until_drawn(page)
    page.wait_for_timeout(300)


def exists(*selectors: str) -> str:
    """The condition that the page has something for each selector."""
    return " && ".join(f"document.querySelector(`{selector}`)" for selector in selectors)


def headed(title: str) -> str:
    """The condition that the page has that heading."""
    return f"[...document.querySelectorAll('h1')].some(heading => heading.textContent === '{title}')"
