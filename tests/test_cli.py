import os
import signal
import subprocess
import sys

import pytest
from sqlalchemy import update

from rnnlab import config, presets
from rnnlab.cli import main
from rnnlab.runs import schema
from rnnlab.runs.database import open_database, writing
from rnnlab.runs.store import RunStore
from tests.support.labs import end_engine, place_in
from tests.support.waiting import wait_for


@pytest.fixture
def place(tmp_path, monkeypatch):
    for name in ("RNNLAB_DATABASE", "RNNLAB_ARTIFACTS", "RNNLAB_CLUSTER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("RNNLAB_HOME", str(tmp_path / "home"))
    return place_in(tmp_path / "home")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["train", "--preset", "cosine"], "There is no preset called 'cosine'"),
        (["train", "--units", "0"], "Units (units) was '0', but must be a whole number of at least 1"),
        (["train", "--units", "inf"], "Units (units) was 'inf', but must be a whole number"),
        (["train", "--units", "1000000000"], "take fewer units"),
        (["train", "--data", "images"], "must be one of sine, text"),
        (["train", "--unts", "3"], "There is no option '--unts' here; did you mean --units?"),
        (["generate", "gone"], "There is no run 'gone'"),
        (["resume", "gone"], "There is no run 'gone'"),
        (["rename", "gone", "name"], "There is no run 'gone'"),
        (["delete", "gone"], "There is no run 'gone'"),
        (["engine", "--workers", "0"], "--workers was '0', but must be a whole number from 1 to 256"),
        (["engine", "--idle-seconds", "nan"], "--idle-seconds was 'nan'"),
        (["engine", "--workers", "٣"], "--workers was '٣'"),
        (["engine", "--workers", "9" * 5000], "--workers was '999"),
        (["engine", "--idle-seconds", "1_0"], "--idle-seconds was '1_0'"),
        (["train", "--preset", "sine", "--corpus", "grammar"], "Corpus (corpus) was 'grammar', but data sine has no"),
        (["train", "--data", "text", "--samples", "40"], "Samples (samples) was '40', but data text has no such"),
        (["train", "--upload", "garbage", "--data", "text"], "Your text (upload) was 'garbage'"),
        (["train", "--carry-state", "9" * 5000], "Carry state (carry_state) was '999"),
        (["generate", "\udcff"], "There is no run '\\udcff'"),
        (["delete", "\udcff"], "There is no run '\\udcff'"),
        (["rename", "gone", "a\0b"], "holds a sign that is no text"),
    ],
)
def test_bad_input_gets_one_sentence_and_exit_code_2(place, capsys, arguments, sentence):
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert sentence in printed.err
    assert printed.err.count("\n") == 1
    assert printed.out == ""


@pytest.mark.parametrize("arguments", [[], ["dance"], ["generate"], ["x" * 100_000], ["train", "--units"]])
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


def test_runs_are_listed_renamed_and_deleted(place, capsys):
    store = RunStore(place.database)
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


def rnnlab(place, *arguments, **variables):
    """One command in a process of its own: its exit code, what it printed, and what it complained of."""
    environment = os.environ | place.environment() | variables
    command = [sys.executable, "-m", "rnnlab", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, errors="replace", check=False)
    return done.returncode, done.stdout, done.stderr


def test_a_run_larger_than_this_machine_bears_is_listed_and_a_new_one_refused(place):
    store = RunStore(place.database)
    run_id = store.create(presets.PRESETS["ptb-large"].experiment, "local", "large")
    store.ask(store.get(run_id), "pause")
    code, out, err = rnnlab(place, "runs", RNNLAB_MEMORY_LIMIT="1000000")
    assert (code, err) == (0, "")
    assert run_id in out
    code, _, err = rnnlab(place, "train", "--preset", "sine", RNNLAB_MEMORY_LIMIT="1000")
    assert (code, err.count("\n")) == (2, 1)
    assert "take fewer units" in err


def test_an_id_that_begins_with_a_hyphen_is_taken_for_an_id(place, capsys):
    store = RunStore(place.database)
    for run_id in ("-V6arZvXhP1d", "--6arZvXhP1d"):
        old = store.create(presets.SINE.experiment, "local")
        with writing(open_database(place.database)) as connection:
            connection.execute(update(schema.runs).where(schema.runs.c.id == old).values(id=run_id))
        assert main(["rename", run_id, "an old one"]) == 0
        assert store.get(run_id).name == "an old one"
        assert main(["delete", run_id]) == 0
    assert main(["generate", "-V6arZvXhP1e"]) == 2
    assert "There is no run '-V6arZvXhP1e'" in capsys.readouterr().err


def test_a_name_that_the_console_cannot_write_does_not_cost_the_list(place):
    store = RunStore(place.database)
    for name in ("波の実験", "tame\x1b[2J\x07bell", "plain"):
        run = store.get(store.create(presets.SINE.experiment, "local", name))
        store.ask(run, "pause")
    code, out, err = rnnlab(place, "runs", PYTHONIOENCODING="cp1252")
    assert (code, err) == (0, "")
    assert "plain" in out
    assert "\x1b" not in out
    assert len(out.splitlines()) == 4


def test_half_a_character_in_a_name_gets_a_sentence(place, capsys):
    run_id = RunStore(place.database).create(presets.SINE.experiment, "local")
    assert main(["rename", run_id, "half \udcff"]) == 2
    assert "holds half a character" in capsys.readouterr().err


def garbage(home):
    home.mkdir()
    (home / "runs.sqlite").write_bytes(b"this is no database" * 100)


def a_file(home):
    home.write_text("not a folder")


def truncated(home):
    store, file = RunStore(place_in(home).database), home / "runs.sqlite"
    for _ in range(50):
        store.create(presets.SINE.experiment, "local")
    open_database(store.url).dispose()  # The last connection moves all into the one file.
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


@pytest.mark.parametrize("spoil", [garbage, a_file, truncated])
@pytest.mark.parametrize("arguments", [("runs",), ("train",), ("rename", "run", "name"), ("engine",)])
def test_trouble_with_the_home_folder_is_one_sentence_that_names_it(place, spoil, arguments):
    spoil(place.home)
    code, _, err = rnnlab(place, *arguments)
    assert code != 0
    assert err.count("\n") == 1, err
    assert str(place.home) in err
    assert "Traceback" not in err


def test_help_is_answered_without_loading_anything_heavy():
    check = (
        "import sys; from rnnlab.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "assert not {'sqlalchemy', 'distributed', 'tensorflow', 'streamlit'} & sys.modules.keys()"
    )
    assert subprocess.run([sys.executable, "-c", check], check=False, capture_output=True).returncode == 0


def command(place, *arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "rnnlab", *arguments],
        env=os.environ | place.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_hear_ctrl_c,
    )


def _hear_ctrl_c():
    """A shell starts what runs in the background deaf to Ctrl-C, and its children are deaf too: the tests as well."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.mark.slow
def test_train_ctrl_c_resume_and_generate(place):
    """The command line's whole life in one engine, because an engine takes seconds to start."""
    store = RunStore(place.database)
    try:
        quick = command(place, "train", "--samples", "40", "--units", "4", "--num-steps", "30", "--epochs", "40")
        out, err = quick.communicate(timeout=200)
        assert quick.returncode == 0, err
        (run,) = store.runs()
        assert run.state == "finished"
        assert run.experiment.model.units == 4
        assert "Finished 40 steps: train loss " in out
        assert f"python -m rnnlab generate {run.id}" in out

        generate = command(place, "generate", run.id, "--prime", "10", "--horizon", "5")
        out, err = generate.communicate(timeout=100)
        rows = out.splitlines()
        assert rows[0].split() == ["time", "target", "free_running"]
        assert [row.split()[0] for row in rows[1:]] == ["10", "11", "12", "13", "14"]

        long = command(place, "train", "--units", "4", "--epochs", "1000000", "--name", "long")
        wait_for(lambda: store.runs()[0].name == "long" and store.runs()[0].step > 0, "the long run to train")
        long.send_signal(signal.SIGINT)
        out, err = long.communicate(timeout=60)
        assert long.returncode == 130, err
        stopped = store.runs()[0]
        assert (stopped.name, stopped.state) == ("long", "stopped")
        assert f"python -m rnnlab resume {stopped.id}" in out
        assert store.checkpoints(stopped.id)[0].step == stopped.step
    finally:
        end_engine(place)
