"""RNN Lab's entry: `streamlit run app.py`.

Streamlit loads this file twice over: as a module, for the server with its middleware, and as the script that it runs
for each visitor.
"""

from pathlib import Path

import streamlit as st


def main() -> None:
    """Draw the screen that the visitor is on."""
    from rnnlab.ui.server.lab_access import lab
    from rnnlab.ui.state import address, session
    from rnnlab.ui.table import SCREENS
    from rnnlab.ui.widgets import layout

    st.set_page_config(page_title="RNN Lab", page_icon=layout.ICON, layout="wide")
    session.prepare()
    screens = [st.Page(screen.page, title=screen.title, icon=screen.icon) for screen in SCREENS.values()]
    page = st.navigation(screens, position="top")
    if st.session_state["go_to"]:
        wanted, st.session_state["go_to"] = st.session_state["go_to"], ""
        st.switch_page(wanted)
    address.load()
    layout.frame()
    page.run()
    # After the screen, so that the first visitor does not wait for it.
    lab()


def say_sorry(error: Exception) -> bool:
    """Replace Streamlit's error box by a sentence; the details go to the server's log."""
    import logging

    from rnnlab.errors import is_for_people, sentence_for
    from rnnlab.store.location import named_database

    if not is_for_people(error):
        logging.getLogger("rnnlab").error("a page failed", exc_info=error)
    st.error(sentence_for(error, named_database()), icon=":material/error:")
    return True


def load_ahead() -> None:
    """Import what the first screen needs while the visitor's browser still loads its part: a second less to wait."""
    import rnnlab.ui.screens.home  # noqa: F401


if __name__ == "__main__":
    main()
else:
    from threading import Thread

    from starlette.middleware import Middleware
    from streamlit.runtime.pages_manager import PagesManager

    from rnnlab.ui.server.page import StyledPage
    from rnnlab.ui.server.security import OwnerAndHeaders

    # Streamlit would take a folder of this name for its older kind of app, and run a linked screen without this file,
    # until the first call of st.navigation: so for the first visitor of a server, if a link brings him.
    PagesManager.uses_pages_directory = False
    Thread(target=load_ahead, name="load ahead", daemon=True).start()
    ours = [Middleware(OwnerAndHeaders), Middleware(StyledPage)]
    app = st.App(Path(__file__).resolve(), middleware=ours, on_script_error=say_sorry)
    print(f"RNN Lab: http://{st.get_option('server.address')}:{st.get_option('server.port')}", flush=True)
