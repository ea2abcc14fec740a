"""A voice for piper that hums: a model of a few hundred bytes with a piper voice's inputs and output, written out by hand.

ONNX files are protocol buffers; what is needed of them is so little that no library is asked. For n phoneme ids the model gives
n * 512 samples of a 440 Hz tone.
"""

import json
import struct
from collections.abc import Iterable
from math import pi
from pathlib import Path

RATE_HZ = 22050
HOP = 512
FLOAT, INT64 = 1, 7


def toy_voice(file: Path) -> Path:
    """The model, and beside it the description that piper reads."""
    file.write_bytes(_model())
    letters = {char: [n] for n, char in enumerate("_^$ abcdefghijklmnopqrstuvwxyzɐɑæəɛɪɔʊʌŋðθʃʒˈˌː.,!?1234567890")}
    description = {
        "audio": {"sample_rate": RATE_HZ},
        "espeak": {"voice": "en-us"},
        "num_symbols": len(letters),
        "num_speakers": 1,
        "inference": {"noise_scale": 0.6, "length_scale": 1.0, "noise_w": 0.8},
        "phoneme_id_map": letters,
    }
    file.with_suffix(".onnx.json").write_text(json.dumps(description))
    return file


def _model() -> bytes:
    nodes = [
        _node("Shape", ["input"], ["shape"]),
        _node("Gather", ["shape", "one"], ["length"]),
        _node("Mul", ["length", "hop"], ["samples"]),
        _node("Range", ["zero", "samples", "step"], ["n"]),
        _node("Cast", ["n"], ["t"], _attribute("to", FLOAT)),
        _node("Mul", ["t", "omega"], ["phase"]),
        _node("Sin", ["phase"], ["tone"]),
        _node("Reshape", ["tone", "form"], ["output"]),
    ]
    constants = [
        _tensor("one", INT64, struct.pack("<q", 1)),
        _tensor("hop", INT64, struct.pack("<q", HOP)),
        _tensor("zero", INT64, struct.pack("<q", 0)),
        _tensor("step", INT64, struct.pack("<q", 1)),
        _tensor("omega", FLOAT, struct.pack("<f", 2 * pi * 440 / RATE_HZ)),
        _tensor("form", INT64, struct.pack("<4q", 1, 1, 1, -1), 4),
    ]
    inputs = [_value("input", INT64, ["b", "n"]), _value("input_lengths", INT64, ["b"]), _value("scales", FLOAT, [3])]
    graph = b"".join(
        [
            *(_bytes(1, node) for node in nodes),
            _bytes(2, b"hum"),
            *(_bytes(5, constant) for constant in constants),
            *(_bytes(11, one) for one in inputs),
            _bytes(12, _value("output", FLOAT, [1, 1, 1, "samples"])),
        ]
    )
    return _number(1, 8) + _bytes(7, graph) + _bytes(8, _number(2, 13))


def _node(kind: str, inputs: Iterable[str], outputs: Iterable[str], attribute: bytes = b"") -> bytes:
    names = [_bytes(1, name.encode()) for name in inputs] + [_bytes(2, name.encode()) for name in outputs]
    return b"".join(names) + _bytes(4, kind.encode()) + (_bytes(5, attribute) if attribute else b"")


def _attribute(name: str, value: int) -> bytes:
    return _bytes(1, name.encode()) + _number(3, value) + _number(20, 2)


def _tensor(name: str, kind: int, raw: bytes, size: int = 0) -> bytes:
    """A scalar, or a list of ``size``."""
    return (_number(1, size) if size else b"") + _number(2, kind) + _bytes(8, name.encode()) + _bytes(9, raw)


def _value(name: str, kind: int, form: Iterable[int | str]) -> bytes:
    sizes = b"".join(_bytes(1, _number(1, one) if isinstance(one, int) else _bytes(2, one.encode())) for one in form)
    return _bytes(1, name.encode()) + _bytes(2, _bytes(1, _number(1, kind) + _bytes(2, sizes)))


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, data: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(data)) + data
