import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import update

from rnnlab import config, presets
from rnnlab.analyses.series import Naive, SeriesAnswer
from rnnlab.arithmetic import RunArithmetic
from rnnlab.cli import main
from rnnlab.engine.workers import WorkersUnavailable
from rnnlab.lab import Lab
from rnnlab.store import schema
from rnnlab.store.artifacts import ArtifactStore
from rnnlab.store.claim import claim_run
from rnnlab.store.database import open_database, writing
from rnnlab.store.location import Location
from rnnlab.store.store import RunStore
from tests.support.labs import end_engine, location_in
from tests.support.waiting import HANGS, wait_for


@pytest.fixture
def location(tmp_path, monkeypatch):
    for name in ("RNNLAB_DATABASE", "RNNLAB_ARTIFACTS", "RNNLAB_CLUSTER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("RNNLAB_HOME", str(tmp_path / "home"))
    return location_in(tmp_path / "home")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["train", "--preset", "cosine"], "There is no preset called 'cosine'"),
        (["train", "--units", "0"], "Units (units) was '0', but must be a whole number of at least 1"),
        (["train", "--units", "inf"], "Units (units) was 'inf', but must be a whole number"),
        (["train", "--units", "1000000000"], "take fewer units"),
        (["train", "--data", "images"], "must be one of sine, series, text"),
        (["train", "--unts", "3"], "There is no option '--unts' here; did you mean --units?"),
        (["generate", "gone"], "There is no run 'gone'"),
        (["resume", "gone"], "There is no run 'gone'"),
        (["export", "gone"], "There is no run 'gone'"),
        (["rename", "gone", "name"], "There is no run 'gone'"),
        (["delete", "gone"], "There is no run 'gone'"),
        (["engine", "--workers", "0"], "--workers was '0', but must be a whole number from 1 to 256"),
        (["engine", "--idle-seconds", "nan"], "--idle-seconds was 'nan'"),
        (["engine", "--workers", "٣"], "--workers was '٣'"),
        (["train", "--preset", ""], "There is no preset called ''"),
        (["train", "--file", "\0"], "The file '\\x00' cannot be read"),
        (["train", "--file", "\ud800"], "The file '\\ud800' cannot be read"),
        (["engine", "--workers", "9" * 5000], "--workers was '999"),
        (["engine", "--idle-seconds", "1_0"], "--idle-seconds was '1_0'"),
        (["train", "--preset", "sine", "--corpus", "grammar"], "Corpus (corpus) was 'grammar', but data sine has no"),
        (["train", "--data", "text", "--samples", "40"], "Samples (samples) was '40', but data text has no such"),
        (["train", "--upload", "garbage", "--data", "text"], "Your text (upload) was 'garbage'"),
        (["train", "--carry-state", "9" * 5000], "Carry state (carry_state) was '999"),
        (["train", "--seeds", "0"], "--seeds was '0', but must be a whole number from 1 to 100"),
        (["train", "--seeds", "x"], "--seeds was 'x'"),
        (["train", "--try", "units=4"], "Units (units) has 4 to try, but needs at least two values"),
        (["train", "--try", "units"], "Units (units) has nothing to try"),
        (["train", "--try", "nonsense=1,2"], "There is no setting called 'nonsense'"),
        (["train", "--try", "unts=1,2"], "did you mean units?"),
        (["train", "--try", "units=4,8", "--try", "units=2,3"], "Option --try names 'units' twice"),
        (["train", "--seeds", "50", "--try", "units=4,8,16"], "These are 150 runs, but a group may have at most 100"),
        (["resume", "\ud800"], "There is no run"),
        (["generate", "\udcff"], "There is no run '\\udcff'"),
        (["delete", "\udcff"], "There is no run '\\udcff'"),
        (["rename", "gone", "a\0b"], "contains a character that is not text"),
    ],
)
def test_bad_input_gets_one_sentence_and_exit_code_2(location, capsys, arguments, sentence):
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert sentence in printed.err
    assert printed.err.count("\n") == 1
    assert printed.out == ""


@pytest.mark.parametrize(
    "arguments", [[], ["dance"], ["generate"], ["x" * 100_000], ["train", "--units"], ["train", "--name=--"]]
)
def test_a_command_that_is_not_there_gets_one_sentence_and_exit_code_2(capsys, arguments):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert len(said) < 300


def test_an_option_that_comes_several_times_is_nobodys_guess(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["train", "--units", "3", "--units", "4"])
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("Argument --units: comes several times; please give it once")


def test_an_unknown_option_of_any_length_gets_a_short_sentence(capsys):
    assert main(["train", "--" + "x" * 100_000]) == 2
    assert len(capsys.readouterr().err) < 200


def test_every_setting_is_an_option_with_its_help(capsys):
    with pytest.raises(SystemExit):
        main(["train", "--help"])
    shown = " ".join(capsys.readouterr().out.split())
    for name, (row, kind) in config.all_settings().items():
        assert f"--{name.replace('_', '-')}" in shown
        # argparse breaks lines at hyphens too, so compare without blanks.
        assert f"{row.help}({row.range_text(kind)})".replace(" ", "") in shown.replace(" ", "")


def test_runs_are_listed_renamed_and_deleted(location, capsys):
    store = RunStore(location.database)
    run_id = store.create(presets.SINE.experiment, "somebody", "first name")
    store.ask(store.get(run_id), "pause")
    assert main(["rename", run_id, "second name"]) == 0
    assert main(["runs"]) == 0
    line = capsys.readouterr().out.splitlines()[1]
    assert line.split()[:2] == [run_id, "paused"]
    assert line.endswith("second name")
    assert main(["delete", run_id]) == 0
    assert main(["runs"]) == 0
    assert run_id not in capsys.readouterr().out


STORY = "the cat sat on the mat . the dog sat on the log .\n" * 40


@pytest.fixture
def story(tmp_path):
    """A text, and beside it files that cannot be trained on."""
    contents = {"story.txt": STORY.encode(), "empty.txt": b"", "short.txt": b"two words", "latin.txt": b"na\xefve"}
    for name, content in contents.items() | {("binary.txt", b"text\0text"), ("blanks.txt", b" \n" * 99)}:
        (tmp_path / name).write_bytes(content)
    (tmp_path / "folder").mkdir()
    with open(tmp_path / "huge.txt", "wb") as file:
        file.truncate(90_000_000)
    return tmp_path / "story.txt"


@pytest.fixture
def in_its_folder(story, monkeypatch):
    monkeypatch.chdir(story.parent)


@pytest.mark.usefixtures("in_its_folder")
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--file", "gone.txt"], "There is no file 'gone.txt'; name a text file that is there."),
        (["--file", "folder"], "'folder' is a folder, but must be a text file"),
        (["--file", "empty.txt"], "The text is empty, but needs at least 30 words; choose a longer one."),
        (["--file", "blanks.txt"], "The text is nothing but blank space"),
        (["--file", "short.txt"], "The text has only 2 words, but needs at least 30; choose a longer one."),
        (["--file", "short.txt", "--tokens", "characters"], "The text has only 8 characters, but needs at least 30"),
        (["--file", "latin.txt"], "The file 'latin.txt' is not plain text in UTF-8 (byte 2 does not fit); save it as"),
        (["--file", "binary.txt"], "The file 'binary.txt' holds binary data, but must be plain text"),
        (["--file", "huge.txt"], "'huge.txt' has 90 MB, and at most 20,000,000 characters are allowed"),
        (["--file", "story.txt", "--data", "sine"], "--file names a text, but --data was 'sine'; leave one of the two"),
        (["--file", "story.txt", "--corpus", "ptb"], "--file names a text, but --corpus was 'ptb'; leave one of the"),
        (["--file", "story.txt", "--upload", "x"], "--file names a text, but --upload was 'x'; leave one of the two"),
        (["--file", "story.txt", "--units", "0"], "Units (units) was '0', but must be a whole number"),
        (["--data", "text", "--corpus", "upload"], "is not kept here; name its file, such as --file story.txt."),
        (["--data", "text", "--corpus", "upload", "--upload", "0" * 64], "name its file, such as --file story.txt."),
        (["--file", "story.txt", "--try", "corpus=ptb,grammar"], "--file names a text, but --try varies corpus; leave"),
        (["--flie", "story.txt"], "There is no option '--flie' here; did you mean --file?"),
    ],
)
def test_a_text_that_cannot_be_trained_on_gets_one_sentence_and_exit_code_2(location, capsys, arguments, sentence):
    assert main(["train", *arguments]) == 2
    printed = capsys.readouterr()
    assert sentence in printed.err
    assert printed.err.count("\n") == 1
    assert "Data screen" not in printed.err
    assert printed.out == ""
    assert RunStore(location.database).runs() == []


@pytest.fixture
def queue_only(monkeypatch):
    """Submitting starts no engine and does not wait, so the test sees the queue."""
    monkeypatch.setattr("rnnlab.engine.workers.Workers.get_runs_going", lambda self: None)
    monkeypatch.setattr("rnnlab.cli.training._follow", lambda lab, run_id: 0)
    monkeypatch.setattr("rnnlab.cli.training._follow_group", lambda lab, group_id: 0)


@pytest.mark.usefixtures("queue_only")
def test_tried_values_times_seeds_are_a_group_with_its_cost_said(location, capsys):
    assert (
        main(["train", "--try", "cell=simple_rnn,lstm,gru", "--try", "units=4,8", "--seeds", "2", "--seed", "7"]) == 0
    )
    assert capsys.readouterr().out.startswith("12 runs, time unknown")
    runs = RunStore(location.database).runs()
    assert len({(run.experiment.model.cell, run.experiment.model.units, run.experiment.seed) for run in runs}) == 12
    assert {run.experiment.seed for run in runs} == {7, 8}
    assert len({run.group_id for run in runs}) == 1
    assert main(["delete", runs[0].group_id]) == 0
    assert RunStore(location.database).runs() == []


@pytest.mark.usefixtures("in_its_folder", "queue_only")
def test_seeds_of_a_file_are_a_group_with_its_name(location):
    assert main(["train", "--file", "./story.txt", "--seeds", "2"]) == 0
    store = RunStore(location.database)
    first, second = store.runs()
    assert first.experiment.data == second.experiment.data
    assert store.group(first.group_id).name == "story.txt · 2 seeds"


@pytest.mark.usefixtures("in_its_folder", "queue_only")
@pytest.mark.parametrize(
    ("arguments", "name", "tokens"),
    [
        ([], "story.txt", "words"),
        (["--tokens", "characters"], "story.txt in characters", "characters"),
        (["--units", "16", "--data", "text", "--corpus", "upload"], "story.txt: units 16", "words"),
        (["--preset", "ptb-small", "--name", "mine"], "mine", "words"),
    ],
)
def test_a_run_of_a_file_is_stored_as_the_apps_are(location, arguments, name, tokens):
    assert main(["train", "--file", "./story.txt", *arguments]) == 0
    (run,) = RunStore(location.database).runs()
    assert run.name == name
    assert run.experiment.data.corpus == "upload"
    assert run.experiment.data.tokens == tokens
    assert ArtifactStore(location.artifacts).kept_text(run.experiment.data.upload) == STORY
    assert run.preset == ("ptb-small" if "ptb-small" in arguments else "ptb-demo")


SERIES = "day;rain;sun\n" + "".join(f"d{i};{i % 5},5;{i % 7},25\n" for i in range(400))


@pytest.mark.usefixtures("in_its_folder", "queue_only")
@pytest.mark.parametrize(
    ("file", "arguments", "name", "preset"),
    [
        ("rain.csv", [], "rain.csv", "own-series"),
        ("rain.CSV", ["--column", "sun", "--season", "7"], "rain.CSV: column sun, season 7", "own-series"),
        ("rain.dat", ["--data", "series", "--units", "16"], "rain.dat: units 16", "own-series"),
        ("rain.txt", ["--preset", "own-series", "--name", "mine"], "mine", "own-series"),
        ("rain.csv", ["--preset", "sine-original", "--missing", "cut", "--name", "small"], "small", "sine-original"),
    ],
)
def test_a_run_of_a_series_is_stored_as_the_apps_are(location, capsys, file, arguments, name, preset):
    Path(file).write_text(SERIES)
    assert main(["train", "--file", file, *arguments]) == 0
    assert "3 columns, separated by semicolons, with a header." in capsys.readouterr().out
    (run,) = RunStore(location.database).runs()
    assert (run.name, run.preset) == (name, preset)
    assert run.experiment.data.kind == "series"
    assert run.experiment.model.units == (16 if "16" in arguments else presets.PRESETS[preset].experiment.model.units)
    assert ArtifactStore(location.artifacts).kept_text(run.experiment.data.series) == SERIES


@pytest.mark.usefixtures("in_its_folder", "queue_only")
def test_a_csv_file_can_be_read_as_a_text(location):
    Path("story.csv").write_text(STORY)
    assert main(["train", "--file", "story.csv", "--data", "text"]) == 0
    (run,) = RunStore(location.database).runs()
    assert run.experiment.data.corpus == "upload"


@pytest.mark.usefixtures("in_its_folder", "queue_only")
@pytest.mark.parametrize(
    ("content", "arguments", "sentence"),
    [
        (SERIES, ["--data", "sine"], "--file names a series, but --data was 'sine'; leave one of the two out."),
        (SERIES, ["--series", "x"], "--file names a series, but --series was 'x'; leave one of the two out."),
        (SERIES, ["--try", "series=a,b"], "--file names a series, but --try varies series; leave one of the two out."),
        (SERIES, ["--column", "snow"], "There is no column 'snow'; the file has 'day', 'rain', 'sun'."),
        (SERIES, ["--tokens", "words"], "data series has no such setting"),
        (SERIES.replace("2,5", "wet", 1), [], "Line 4 has 'wet' in 'rain', which is not a number; correct it"),
        (STORY, [], "The file has no column of numbers"),
    ],
)
def test_a_series_that_cannot_be_trained_gets_a_sentence(capsys, content, arguments, sentence):
    Path("rain.csv").write_text(content)
    assert main(["train", "--file", "rain.csv", *arguments]) == 2
    assert sentence in capsys.readouterr().err


@pytest.mark.usefixtures("queue_only")
@pytest.mark.parametrize("name", [b"caf\xe9.txt", b"x" * 200 + b".txt"])
def test_any_file_name_becomes_a_runs_name(location, tmp_path, name):
    file = os.path.join(os.fsencode(tmp_path), name)
    with open(file, "w") as opened:
        opened.write(STORY)
    assert main(["train", "--file", os.fsdecode(file)]) == 0
    (run,) = RunStore(location.database).runs()
    assert run.name.startswith(("caf?.txt", "xxx"))


def test_the_list_of_runs_says_in_what_they_were_computed(location, capsys):
    store = RunStore(location.database)
    begun, waiting = (store.create(presets.SINE.experiment, "somebody", name) for name in ("begun", "waiting"))
    claim_run(store.url, begun, 1, "engine", None).start(0, 40, RunArithmetic(output="bfloat16"))
    store.ask(store.get(waiting), "pause")
    assert main(["runs"]) == 0
    head, *lines = capsys.readouterr().out.splitlines()
    cells = {line[head.index("NAME") :]: line[head.index("ARITHMETIC") : head.index("NAME")].strip() for line in lines}
    assert cells == {"begun": "bfloat16 and float32", "waiting": ""}


def rnnlab(location, *arguments, **variables):
    """One command in a separate process: its exit code, its output, and its complaints."""
    environment = os.environ | location.environment() | variables
    command = [sys.executable, "-m", "rnnlab", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, errors="replace", check=False)
    return done.returncode, done.stdout, done.stderr


def test_a_run_larger_than_this_machine_bears_is_listed_and_a_new_one_refused(location):
    store = RunStore(location.database)
    run_id = store.create(presets.PRESETS["ptb-large"].experiment, "local", "large")
    store.ask(store.get(run_id), "pause")
    code, out, err = rnnlab(location, "runs", RNNLAB_MEMORY_LIMIT="1000000")
    assert (code, err) == (0, "")
    assert run_id in out
    code, _, err = rnnlab(location, "train", "--preset", "sine", RNNLAB_MEMORY_LIMIT="1000")
    assert (code, err.count("\n")) == (2, 1)
    assert "take fewer units" in err


def test_an_id_that_begins_with_a_hyphen_is_taken_for_an_id(location, capsys):
    store = RunStore(location.database)
    for run_id in ("-V6arZvXhP1d", "--6arZvXhP1d"):
        old = store.create(presets.SINE.experiment, "local")
        with writing(open_database(location.database)) as connection:
            connection.execute(update(schema.runs).where(schema.runs.c.id == old).values(id=run_id))
        assert main(["rename", run_id, "an old one"]) == 0
        assert store.get(run_id).name == "an old one"
        assert main(["delete", run_id]) == 0
    assert main(["generate", "-V6arZvXhP1e"]) == 2
    assert "There is no run '-V6arZvXhP1e'" in capsys.readouterr().err


def test_a_name_that_the_console_cannot_write_does_not_cost_the_list(location):
    store = RunStore(location.database)
    for name in ("波の実験", "tame\x1b[2J\x07bell", "plain"):
        run = store.get(store.create(presets.SINE.experiment, "local", name))
        store.ask(run, "pause")
    code, out, err = rnnlab(location, "runs", PYTHONIOENCODING="cp1252")
    assert (code, err) == (0, "")
    assert "plain" in out
    assert "\x1b" not in out
    assert len(out.splitlines()) == 4


def test_half_a_character_in_a_name_gets_a_sentence(location, capsys):
    run_id = RunStore(location.database).create(presets.SINE.experiment, "local")
    assert main(["rename", run_id, "half \udcff"]) == 2
    assert "contains half a character" in capsys.readouterr().err


def garbage(home):
    home.mkdir()
    (home / "runs.sqlite").write_bytes(b"this is no database" * 100)


def a_file(home):
    home.write_text("not a folder")


def truncated(home):
    store, file = RunStore(location_in(home).database), home / "runs.sqlite"
    for _ in range(50):
        store.create(presets.SINE.experiment, "local")
    open_database(store.url).dispose()  # The last connection moves all into the one file.
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


EVERY_COMMAND = ("train", "resume run", "generate run", "runs", "rename run name", "delete run", "engine")
"""Each with all that it must be given."""

ONE_AFTER_ANOTHER = """
import shlex, sys
from rnnlab.cli import main
for command in sys.argv[1:]:
    print("code", main(shlex.split(command)), file=sys.stderr)
"""


def in_one_process(*commands):
    """What commands printed, and the lines of what they complained of, each followed by its exit code.

    In one process, because each would load half of the lab.
    """
    done = subprocess.run(
        [sys.executable, "-c", ONE_AFTER_ANOTHER, *commands], capture_output=True, text=True, check=True
    )
    lines = done.stderr.splitlines()
    return done.stdout, lines


@pytest.mark.parametrize("spoil", [garbage, a_file, truncated])
def test_trouble_with_the_home_folder_is_one_sentence_that_names_it(location, spoil):
    spoil(location.home)
    commands = ("runs", "train", "rename run name", "engine")
    _, complaints = in_one_process(*commands)
    assert len(complaints) == 2 * len(commands), complaints
    for sentence, code in zip(complaints[::2], complaints[1::2], strict=True):
        assert code in ("code 1", "code 2")
        assert str(location.home) in sentence
        assert "Traceback" not in sentence


def without_s3fs(tmp_path, monkeypatch):
    """As on a machine without the package."""
    (tmp_path / "s3fs.py").write_text("raise ModuleNotFoundError('No module named s3fs')")
    monkeypatch.setenv("RNNLAB_ARTIFACTS", "s3://class/rnnlab")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return 2, "The weights cannot be kept in 's3://class/rnnlab' (Install s3fs to access S3); RNNLAB_ARTIFACTS must be"


def dead_database(_tmp_path, monkeypatch):
    monkeypatch.setenv("RNNLAB_DATABASE", "postgresql://class:secret@127.0.0.1:1/rnnlab?application_name=secret")
    return (
        1,
        "The database postgresql://class@127.0.0.1:1/rnnlab does not answer; start it, or check RNNLAB_DATABASE.",
    )


@pytest.mark.parametrize("trouble", [without_s3fs, dead_database])
def test_a_service_that_cannot_be_had_is_one_sentence_of_every_command(location, tmp_path, monkeypatch, trouble):
    code, sentence = trouble(tmp_path, monkeypatch)
    out, complaints = in_one_process(*EVERY_COMMAND)
    assert out == ""
    assert complaints[1::2] == [f"code {code}"] * len(EVERY_COMMAND)
    assert all(complaint.startswith(sentence) for complaint in complaints[::2])


@pytest.fixture
def dead_cluster(location, monkeypatch):
    """Where nobody listens; the database answers, and has a run that could go on."""
    store = RunStore(location.database)
    run_id = store.create(presets.SINE.experiment, "local")
    store.ask(store.get(run_id), "pause")
    monkeypatch.setenv("RNNLAB_CLUSTER", "tcp://127.0.0.1:1")
    return run_id


@pytest.mark.parametrize("command", ["train", "resume", "generate"])
def test_a_dead_cluster_is_one_sentence_and_nothing_is_queued(location, dead_cluster, capsys, command):
    assert main([command, *([] if command == "train" else [dead_cluster])]) == 2
    printed = capsys.readouterr()
    assert printed.err.startswith("The cluster at tcp://127.0.0.1:1, which RNNLAB_CLUSTER names, does not answer (")
    assert printed.err.count("\n") == 1
    assert printed.out == ""
    assert RunStore(location.database).queued() == []


def test_the_library_queues_nothing_for_a_dead_cluster_either(location, dead_cluster):
    with pytest.raises(WorkersUnavailable, match="does not answer"):
        Lab(Location.from_environment()).resume(dead_cluster)
    assert RunStore(location.database).queued() == []


def test_an_engine_beside_a_cluster_is_refused(dead_cluster, capsys):
    assert main(["engine"]) == 2
    assert "unset it to have an engine on this machine" in capsys.readouterr().err


def test_what_needs_no_worker_is_done_while_the_cluster_is_dead(location, dead_cluster):
    waiting = RunStore(location.database).create(presets.SINE.experiment, "local")
    out, complaints = in_one_process("runs", f"rename {dead_cluster} another", f"delete {waiting}")
    assert waiting in out
    assert [line for line in complaints if line.startswith("code")] == ["code 0"] * 3
    # The queued run would have been handed out in the meantime. One line about that is allowed.
    assert len(complaints) <= 4


@pytest.mark.parametrize("name", ["what?", "100%25", "a b#c"])
def test_a_home_folder_of_any_name_holds_all_that_is_its(tmp_path, monkeypatch, capsys, name):
    for variable in ("RNNLAB_DATABASE", "RNNLAB_ARTIFACTS", "RNNLAB_CLUSTER"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("RNNLAB_HOME", str(tmp_path / name))
    assert main(["runs"]) == 0
    assert capsys.readouterr().err == ""
    assert [file.name for file in tmp_path.iterdir()] == [name]
    assert (tmp_path / name / "runs.sqlite").is_file()


@pytest.mark.parametrize("spoil", [garbage, a_file])
def test_trouble_in_a_home_folder_of_any_name_names_it(tmp_path, monkeypatch, capsys, spoil):
    monkeypatch.setenv("RNNLAB_HOME", str(tmp_path / "100%25?"))
    spoil(tmp_path / "100%25?")
    assert main(["runs"]) == 1
    assert f"{tmp_path}/100%25?" in capsys.readouterr().err


def test_help_is_answered_without_loading_anything_heavy():
    check = (
        "import sys; from rnnlab.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "assert not {'sqlalchemy', 'distributed', 'tensorflow', 'streamlit'} & sys.modules.keys()"
    )
    assert subprocess.run([sys.executable, "-c", check], check=False, capture_output=True).returncode == 0


def command(location, *arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "rnnlab", *arguments],
        env=os.environ | location.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_hear_ctrl_c,
    )


def _hear_ctrl_c():
    """A shell starts what runs in the background deaf to Ctrl-C, and its children are deaf too: the tests as well."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


SMALL_WAVE = ("--samples", "301", "--units", "4", "--num-steps", "30")
SMALL_TEXT = ("--units", "4", "--num-steps", "5", "--batch-size", "4", "--epochs", "1", "--tokens", "words")


def test_train_ctrl_c_resume_and_generate(location, story, monkeypatch):
    """The command line's whole life in one engine, because an engine takes seconds to start; compiled as for users."""
    monkeypatch.setenv("XLA_FLAGS", "")
    store = RunStore(location.database)
    try:
        quick = command(location, "train", *SMALL_WAVE, "--epochs", "40")
        out, err = quick.communicate(timeout=HANGS)
        assert quick.returncode == 0, err
        (run,) = store.runs()
        assert run.state == "finished"
        assert run.experiment.model.units == 4
        assert "Finished 400 steps: training loss " in out
        assert f"python -m rnnlab generate {run.id}" in out

        generate = command(location, "generate", run.id, "--prime", "10", "--horizon", "5")
        out, err = generate.communicate(timeout=HANGS)
        rows = out.splitlines()
        assert rows[0].split() == ["time", "target", "free_running"]
        assert [row.split()[0] for row in rows[1:]] == ["10", "11", "12", "13", "14"]

        own = command(location, "train", "--file", str(story), *SMALL_TEXT)
        out, err = own.communicate(timeout=HANGS)
        assert own.returncode == 0, err
        run = store.runs()[0]
        assert run.name.startswith("story.txt: ")
        assert f"Arithmetic: {run.arithmetic.words}." in out
        limits = "--temperature 2 --top-k 5 --top-p 0.95 --ban '<eos> dog' --seed 3"
        out, complaints = in_one_process(
            f"generate {run.id} --prime 'the cat' --horizon 5",
            f"generate {run.id} --prime 'the cat' --horizon 40 {limits}",
            f"generate {run.id} --ban zebra",
        )
        plain, limited = out.splitlines()
        assert (len(plain.split()), len(limited.split())) == (7, 42)
        assert "dog" not in limited.split()
        assert [complaint for complaint in complaints if complaint.startswith("code")] == ["code 0", "code 0", "code 2"]
        assert "The word 'zebra' was to be banned" in complaints[-2]

        long = command(location, "train", *SMALL_WAVE, "--epochs", "1000000", "--name", "long")
        wait_for(lambda: store.runs()[0].name == "long" and store.runs()[0].step > 0, "the long run to train")
        long.send_signal(signal.SIGINT)
        out, err = long.communicate(timeout=HANGS)
        assert long.returncode == 130, err
        stopped = store.runs()[0]
        assert (stopped.name, stopped.state) == ("long", "stopped")
        assert f"python -m rnnlab resume {stopped.id}" in out
        assert store.checkpoints(stopped.id)[0].step == stopped.step
    finally:
        end_engine(location)


def test_the_values_of_a_series_of_any_size_are_printed_beside_the_naive_forecasts(location, capsys, monkeypatch):
    """Fewer than were asked for, because the series ends."""
    target, free_running = np.array([1e6, 2e6, 3.25e6]), np.array([2.5e6, 1e-7])
    naive = (Naive("same as before", 1.0, np.zeros(2), 123456.0), Naive("same as one season before", 1.0, target, 0.5))
    answer = SeriesAnswer(target, target, free_running, 1, 0.1, 2e6, None, None, None, 7, naive=naive)
    store = RunStore(location.database)
    run_id = store.create(presets.OWN_SERIES.experiment, "local", "mine")
    store.ask(store.get(run_id), "pause")  # For a run that waits, the command would start an engine.
    monkeypatch.setattr("rnnlab.lab.Lab.ask", lambda *_: answer)
    assert main(["generate", run_id, "--horizon", "9"]) == 0
    printed = capsys.readouterr()
    assert printed.out.splitlines()[1:] == ["1  2000000  2500000", "2  3250000  1e-07"]
    assert printed.err.splitlines() == [
        "free-running RMSE 2e+06 over 2 steps",
        "same as before: RMSE 1.235e+05",
        "same as one season before: RMSE 0.5000",
    ]
