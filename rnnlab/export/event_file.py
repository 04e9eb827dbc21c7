"""Curves as an event file of TensorBoard, written byte by byte: TensorBoard itself is not needed for it.

A file is a row of records: length (8 bytes), its checksum, an `Event` as a protocol buffer, its checksum.

Source: `event.proto`, `summary.proto` and `record_writer.cc` of TensorFlow.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from functools import cache

from rnnlab.store.curves import Curve

VERSION = b"brain.Event:2"

POLYNOMIAL = 0x82F63B78
"""Of CRC-32C, with its bits reversed."""

VARINT, DOUBLE, BYTES, FLOAT = 0, 1, 2, 5
"""Kinds of fields of a protocol buffer."""


def event_file(curves: Mapping[str, Curve], written: float = 0.0) -> bytes:
    """The content of an event file.

    Args:
        curves: by the tag that TensorBoard shows.
        written: the time of all events, in seconds since 1970.
    """
    records = [_record(_field(1, DOUBLE, struct.pack("<d", written)) + _bytes(3, VERSION))]
    for tag, curve in curves.items():
        for step, value in zip(curve.steps.tolist(), curve.values.tolist(), strict=True):
            records.append(_record(_scalar(tag, step, value, written)))
    return b"".join(records)


def _scalar(tag: str, step: int, value: float, written: float) -> bytes:
    """An `Event` with a `Summary` of one `Value`."""
    one = _bytes(1, tag.encode()) + _field(2, FLOAT, struct.pack("<f", value))
    when = _field(1, DOUBLE, struct.pack("<d", written)) + _field(2, VARINT, _varint(step))
    return when + _bytes(5, _bytes(1, one))


def _record(event: bytes) -> bytes:
    length = struct.pack("<Q", len(event))
    return length + _checksum(length) + event + _checksum(event)


def _field(number: int, kind: int, content: bytes) -> bytes:
    return _varint(number << 3 | kind) + content


def _bytes(number: int, content: bytes) -> bytes:
    return _field(number, BYTES, _varint(len(content)) + content)


def _varint(number: int) -> bytes:
    """A whole number in groups of seven bits, the lowest first."""
    groups = []
    while number > 0x7F:
        groups.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*groups, number])


def _checksum(content: bytes) -> bytes:
    """CRC-32C, rotated and shifted as TensorFlow stores it."""
    crc = 0xFFFFFFFF
    for byte in content:
        crc = _table()[(crc ^ byte) & 0xFF] ^ crc >> 8
    crc ^= 0xFFFFFFFF
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)


@cache
def _table() -> tuple[int, ...]:
    """CRC-32C of each byte."""
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (POLYNOMIAL if byte & 1 else 0)
        table.append(byte)
    return tuple(table)
