"""Data: the task, the dataset, the figures with their sentences, and the button to Train."""

import pytest

from tests.support.app_test import widget
from tests.ui.test_pages import address, texts


@pytest.fixture
def data(app):
    """Opens Data with a link's settings."""

    def opened(**settings):
        app.query_params.update(settings)
        return app.switch_page("pages/data.py").run()

    return opened


def test_the_task_is_a_choice_where_the_data_have_labels(data):
    app = data()
    widget(app.radio, "w_task_of_target").set_value("peaks").run()
    assert address(app)["target"] == "peaks"
    assert "steps have a 1" in texts(app.markdown)
    widget(app.radio, "w_task_of_target").set_value("next").run()
    assert "target" not in address(app)


def test_labels_of_the_grammar_can_be_chosen(data):
    app = data(preset="grammar")
    widget(app.radio, "w_task_of_task").set_value("number_tags").run()
    assert address(app)["task"] == "number_tags"
    assert not app.exception


@pytest.mark.parametrize(
    "settings", [{"preset": "grammar", "tokens": "characters"}, {"data": "text", "corpus": "python_docs"}]
)
def test_a_text_without_labels_has_one_task(data, settings):
    app = data(**settings)
    assert not app.radio
    assert f"Predict the next {settings.get('tokens', 'words').removesuffix('s')}" in texts(app.markdown)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({}, "Each target is the next input"),
        ({"target": "previous"}, "the network need only remember"),
        ({"inputs": "zeros"}, "it can only count the steps"),
        ({"noise": "0.3"}, "Nobody can predict the noise"),
        ({"shape": "two_sines"}, "a wave that never repeats"),
    ],
)
def test_beside_the_figures_stands_what_to_look_at(data, settings, sentence):
    app = data(**settings)
    assert sentence in texts(app.markdown) + texts(app.caption)
    assert "301 points make 300 steps" in texts(app.caption)


@pytest.mark.parametrize(
    ("preset", "sentences"),
    [
        ("delayed-recall", ("Recall the symbol at the cue", "one of 8 symbols, then 50 blanks", "12.5%")),
        ("adding", ("Add the two marked numbers", "The network reads 20 numbers", "1/6 = 0.167")),
        ("period", ("Predict the next word", "are cut into **20 streams**")),
    ],
)
def test_a_memory_task_says_what_is_asked_and_what_a_network_without_memory_gets(data, preset, sentences):
    app = data(preset=preset)
    assert not app.exception
    for sentence in sentences:
        assert sentence in texts(app.markdown)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"num_steps": "70"}, "cut into **1 stream** of 301. An epoch reads them in **4 windows** of 70 steps"),
        (
            {"preset": "delayed-recall", "batch_size": "30"},
            "dealt to **30 streams**. Each window is one whole sequence",
        ),
        ({"preset": "delayed-recall", "batch_size": "30"}, "an epoch has **33 updates**. The last 10 fill no stream."),
    ],
)
def test_the_arithmetic_of_minibatches_is_told(data, settings, sentence):
    assert sentence in texts(data(**settings).markdown)


@pytest.mark.parametrize(("carried", "lowest"), [("false", "1.59"), ("true", "1.00")])
def test_the_lowest_perplexity_is_that_of_the_settings(data, carried, lowest):
    app = data(preset="period", carry_state=carried)
    assert f"<span>Lowest possible perplexity</span><b>{lowest}</b>" in texts(app.get("html"))


def typed_fields(app):
    return {field.key.split("~")[0] for field in app.text_input}


def test_fields_are_those_of_the_problem(data):
    app = data(preset="adding")
    assert {"w_time_lag", "w_sequences"} <= typed_fields(app)
    assert "w_symbols" not in typed_fields(app)
    widget(app.selectbox, "w_dataset").select("recall").run()
    assert not app.exception
    assert address(app) == {"preset": "delayed-recall"}
    assert "w_symbols" in typed_fields(app)
    widget(app.selectbox, "w_dataset").select("period").run()
    assert not app.exception
    assert address(app)["corpus"] == "period"
    assert "w_motif" in typed_fields(app)


def test_a_longer_lag_is_a_longer_window(data):
    app = data(preset="delayed-recall")
    widget(app.text_input, "w_time_lag").set_value("9").run()
    assert not app.exception
    assert "sequences have 11 steps each" in texts(app.markdown)
    assert widget(app.text_input, "w_num_steps").disabled


def test_end_of_sentence_is_explained_where_it_first_appears(data):
    app = data(preset="grammar")
    assert "`<eos>` stands for the end of a sentence" in texts(app.caption)
    assert "`<unk>`" not in texts(app.caption)  # The grammar has no rare words.
    assert "make up half of the text" in texts(app.markdown)


def test_train_on_this_takes_what_is_typed_to_train(data):
    app = data()
    widget(app.text_input, "w_samples").set_value("200")
    widget(app.text_input, "w_num_steps").set_value("50")
    app.button(key="train-on-this").click().run()
    assert not app.exception
    assert widget(app.text_input, "w_samples").value == "200"
    assert widget(app.text_input, "w_num_steps").value == "50"


SERIES = "day;rain;sun\n" + "".join(f"d{i};{i % 5}000000,5;{i % 7},25\n" for i in range(300))


@pytest.fixture
def own_series(data, lab):
    """Opens Data with a series of one's own."""
    return lambda text=SERIES, **settings: data(data="series", series=lab.files.keep_text(text), **settings)


def test_a_series_is_uploaded_and_what_cannot_be_read_gets_a_sentence(data, lab):
    app = data(data="series")
    assert "Upload a file to see it here" in texts(app.info)
    app.file_uploader[0].upload("story.csv", b"once upon a time").run()
    assert "The file has no column of numbers" in texts(app.error)
    assert "series" not in address(app)
    app.file_uploader[0].upload("rain.csv", SERIES.encode()).run()
    assert not app.exception
    assert lab.files.kept_text(address(app)["series"]) == SERIES
    app.run()
    assert "3 columns, separated by semicolons, with a header. The series is 'rain'." in texts(app.markdown)


def test_a_series_is_shown_in_its_own_units(own_series):
    app = own_series()
    assert not app.exception
    # 0.5, 1,000,000.5, ... 4,000,000.5: their mean is 2 million, their variance is 2 million squared, halved.
    assert "minus 2,000,000, divided by 1,414,210" in texts(app.caption)
    assert "a network that only repeats its input has an error of 2e+06 (RMSE)" in texts(app.markdown)
    assert "The 240 points are cut into" in texts(app.markdown)
    assert "Predict the next value" in texts(app.markdown)


def test_a_column_is_picked(own_series):
    app = own_series()
    picked = widget(app.selectbox, "w_pick_column")
    assert picked.options[1:] == ["rain", "sun"]
    picked.select("sun").run()
    assert not app.exception
    assert address(app)["column"] == "sun"
    assert "The series is 'sun'." in texts(app.markdown)


def test_a_column_that_cannot_be_learned_gets_a_sentence_that_is_no_markdown(own_series):
    app = own_series(SERIES.replace("2000000,5", "**wet**", 1))
    assert "Line 4 has '**wet**' in 'rain', which is not a number" in texts(app.error).replace("\\", "")
    widget(app.selectbox, "w_pick_column").select("sun").run()
    assert not app.error


def test_from_the_datasets_a_series_is_chosen(data):
    app = data()
    widget(app.selectbox, "w_dataset").select("series").run()
    assert not app.exception
    assert address(app) == {"preset": "own-series"}
    assert {"w_season", "w_train_share"} <= typed_fields(app)
