"""Anything behind the options of the command line, which is called as the shell does but trains nothing."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rnnlab import cli, config
from rnnlab.cli import training
from rnnlab.data import decode_upload
from rnnlab.engine.workers import Workers
from rnnlab.lab import Lab
from rnnlab.presets import PRESETS, preset
from tests.fuzz.budget import examples
from tests.fuzz.hostile import ANY_TEXT, STRANGE_NAMES, one_setting
from tests.fuzz.test_text_files import FILES
from tests.fuzz.verdict import check_meaning, check_sentence, names

WRITTEN = one_setting(ANY_TEXT).map(lambda pair: (pair[0], str(pair[1])))
KIND = st.tuples(st.just("data"), st.sampled_from([*config.DATA_KINDS]) | ANY_TEXT)
START = st.sampled_from(["sine", "sine-original", "ptb-small"])


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A lab without workers, and without the treebank, which some settings would count for seconds."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("RNNLAB_DATABASE", "RNNLAB_ARTIFACTS", "RNNLAB_CLUSTER"):
            patch.delenv(name, raising=False)
        patch.setenv("RNNLAB_HOME", str(home))
        patch.setenv("RNNLAB_PTB", str(home / "no treebank"))
        patch.setattr(Workers, "get_runs_going", lambda self: None)
        patch.setattr(training, "_follow", lambda lab, run_id: 0)
        opened = Lab.open()
        patch.setattr(Lab, "open", lambda: opened)
        yield opened


def called(arguments, capsys):
    """The exit code, and what was written: a shell sees SystemExit as a code, too."""
    capsys.readouterr()
    try:
        code = cli.main(arguments)
    except SystemExit as ended:
        code = ended.code
    return code, capsys.readouterr()


def refusal(code, printed):
    """The one sentence of a refusal."""
    assert (code, printed.out) == (2, "")
    assert printed.err.count("\n") == 1
    check_sentence(printed.err[:-1])
    return printed.err


def option(name):
    return "--" + name.replace("_", "-")


@examples("command line: settings")
@given(START, st.lists(WRITTEN | WRITTEN | KIND, min_size=1, max_size=4), st.booleans())
@example("sine", [("corpus", "grammar")], False)
@example("sine", [("units", "3"), ("units", "4")], True)
@example("sine", [("carry_state", "9" * 5000)], False)
@example("sine", [("units", "--")], True)
@example("ptb-small", [("corpus", "upload")], False)
@example("sine", [("num_steps", "1"), ("data", "memory")], False)
@example("sine", [("time_lag", "2"), ("data", "memory")], False)
def test_an_option_is_taken_as_it_was_meant_or_refused_by_its_name(lab, capsys, start, pairs, in_one):
    written = [[f"{option(name)}={text}"] if in_one else [option(name), text] for name, text in pairs]
    code, printed = called(["train", "--preset", start, *(word for words in written for word in words)], capsys)
    runs = lab.everybodys_runs()
    if code == 0:
        (run,) = runs
        lab.delete(run.id)
        flat = config.to_flat(run.experiment)
        assert len(dict(pairs)) == len({*pairs}), "an option came twice and one was taken without a word"
        for name, text in pairs:
            if name == "data":
                assert flat["data"] == text
            else:
                check_meaning(name, text, flat[name])
        untouched = config.to_flat(config.from_flat({"data": flat["data"]}, preset(start).experiment))
        if flat["data"] == "memory":  # The symbol, the blanks and the cue; or the numbers.
            untouched["num_steps"] = flat["time_lag"] + (2 if flat["problem"] == "recall" else 0)
        assert {name: flat[name] for name in flat if name not in dict(pairs)} == {
            name: value for name, value in untouched.items() if name not in dict(pairs)
        }
    else:
        assert runs == []
        sentence = refusal(code, printed)
        spoken_of = {*dict(pairs), "units", "num_steps", "layer_units", "data", "task", "unrolling", "feedback"}
        assert any(names(sentence, name) for name in {*spoken_of, "tie_embeddings", "corpus", "upload", "series"}), (
            sentence
        )


@examples("command line: other numbers")
@given(
    st.sampled_from(["--horizon", "--temperature", "--seed", "--workers", "--idle-seconds", "--prime", "--preset"]),
    ANY_TEXT,
)
@example("--workers", "9" * 5000)
@example("--workers", "٣")
@example("--idle-seconds", "1_0")
@example("--preset", "")
def test_what_is_no_setting_is_refused_by_its_name_too(lab, capsys, name, text):
    if name in ("--workers", "--idle-seconds"):
        if taken_by_the_engine(text):
            return
        arguments = ["engine", f"{name}={text}"]
    elif name == "--preset":
        if text in PRESETS:
            return
        arguments = ["train", f"{name}={text}"]
    else:
        arguments = ["generate", "gone", f"{name}={text}"]
    sentence = refusal(*called(arguments, capsys))
    assert names(sentence, name[2:]) or "There is no run 'gone'" in sentence


def taken_by_the_engine(text):
    try:
        return float(text) >= 0
    except ValueError:
        return False


@examples("command line: arguments")
@given(STRANGE_NAMES | ANY_TEXT, st.sampled_from(["train", "runs", "generate", "rename", "delete", "resume"]))
@example("\udcff", "delete")
@example("x" * 99_999, "train")
def test_any_argument_gets_one_sentence(lab, capsys, text, command):
    if text.strip() in ("", "-h", "--help", "--") or text.startswith("-h"):
        return
    code, printed = called([command, text, "x y"] if command == "rename" else [command, text], capsys)
    refusal(code, printed)


@examples("command line: paths")
@given(
    ANY_TEXT
    | st.sampled_from([".", "/", "~nobody/x", "~", "/dev/null", "x/" * 3000, "a\0b", "https://x.example/a.txt"])
)
def test_any_path_of_a_text_gets_one_sentence(lab, capsys, tmp_path, monkeypatch, path):
    below = tmp_path / "a" / "b" / "c"
    below.mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(below)  # where no such file is
    sentence = refusal(*called(["train", f"--file={path}"], capsys))
    assert "file" in sentence or "names" in sentence
    assert lab.everybodys_runs() == []


@examples("command line: files")
@given(FILES, st.sampled_from(["words", "characters"]))
def test_any_file_is_trained_on_or_gets_one_sentence(lab, capsys, tmp_path, content, tokens):
    file = tmp_path / "text.txt"
    file.write_bytes(content)
    code, printed = called(["train", "--file", str(file), "--tokens", tokens], capsys)
    runs = lab.everybodys_runs()
    if code == 0:
        (run,) = runs
        lab.delete(run.id)
        assert lab.files.kept_text(run.experiment.data.upload) == decode_upload(content)
    else:
        assert runs == []
        assert "text" in refusal(code, printed)
