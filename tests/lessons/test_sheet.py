"""The sheet to print."""

from html.parser import HTMLParser

from rnnlab.lessons.results import Seen
from rnnlab.lessons.sheet import as_html, sheet
from rnnlab.lessons.table import LESSONS

SEEN = Seen(
    {}, {"carried": 0.01, "reset": 0.72, "spread": 0.0, "zeros": 0.7, "previous": 1.1, "gap": 0.0}, {"voice": "still"}
)


class Reader(HTMLParser):
    """Collects the words, and everything that would be fetched."""

    def __init__(self):
        super().__init__()
        self.words, self.fetched, self.classes = "", [], []

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.fetched += [found[name] for name in ("src", "href") if name in found]
        self.classes.append(found.get("class"))

    def handle_data(self, data):
        self.words += data


def test_the_sheet_has_the_question_the_prediction_the_sentence_and_lines_for_notes():
    reader = Reader()
    reader.feed(sheet(LESSONS["own-voice"], {"voice": "phase"}, SEEN))
    told = " ".join(reader.words.split())
    assert "How does the curve continue?" in told
    assert "My prediction: B: wrong phase" in told
    assert "The experiment: C: stands still" in told
    assert "The curve is off by 0.72" in told
    assert "hand back both" in told
    assert reader.classes.count("notes") >= 3
    assert reader.fetched == []


def test_marks_become_html_and_html_becomes_text():
    assert as_html("**a** `b` <c>\n\nd & e") == "<p><b>a</b> <code>b</code> &lt;c&gt;</p><p>d &amp; e</p>"
