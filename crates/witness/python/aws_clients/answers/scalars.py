"""Single values: as JSON has them, and as XML's text has them."""

import base64
import binascii
import re

INTEGERS = {"integer": 31, "long": 63}
# The two forms that AWS's XML has: with and without milliseconds.
ISO8601 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z")


def json_faults(value, shape):
    """What is wrong with a value of a JSON answer."""
    kind = shape.type_name
    if kind in INTEGERS:
        if type(value) is not int:
            return [f"{value!r} is no {kind}"]
        return _range(value, shape)
    if kind in ("double", "float"):
        return [] if type(value) in (int, float) else [f"{value!r} is no {kind}"]
    if kind == "timestamp":
        # JSON 1.0 and 1.1 give seconds since 1970 unless the shape says otherwise.
        return [] if type(value) in (int, float) and value >= 0 else [f"{value!r} is no epoch time"]
    if kind == "boolean":
        return [] if type(value) is bool else [f"{value!r} is no boolean"]
    if type(value) is not str:
        return [f"{value!r} is no {kind}"]
    return text_faults(value, shape)


def xml_faults(text, shape):
    """What is wrong with the text of an element of an XML answer."""
    kind = shape.type_name
    if kind in INTEGERS:
        if not re.fullmatch(r"-?(0|[1-9]\d*)", text):
            return [f"{text!r} is no {kind}"]
        return _range(int(text), shape)
    if kind in ("double", "float"):
        return [] if re.fullmatch(r"-?\d+(\.\d+)?", text) else [f"{text!r} is no {kind}"]
    if kind == "timestamp":
        return [] if ISO8601.fullmatch(text) else [f"{text!r} is no ISO 8601 time"]
    if kind == "boolean":
        return [] if text in ("true", "false") else [f"{text!r} is no boolean"]
    return text_faults(text, shape)


def text_faults(text, shape):
    """What is wrong with a string, an enumeration's word or a blob."""
    if shape.type_name == "blob":
        try:
            base64.b64decode(text, validate=True)
        except binascii.Error as error:
            return [f"{text!r} is no base64: {error}"]
        return []
    if shape.enum and text not in shape.enum:
        return [f"{text!r} is none of {', '.join(shape.enum)}"]
    return length_faults(len(text), shape)


def length_faults(length, shape):
    """What is wrong with the length of a string, a list or a map.

    A model's least length is for inputs: AWS itself answers with an empty `UnprocessedKeys`.
    """
    most = shape.metadata.get("max")
    if most is not None and length > most:
        return [f"has a length of {length}, at most {most} are allowed"]
    return []


def _range(number, shape):
    # As with lengths, a model's least number is for inputs: AWS answers with
    # `NumberOfDecreasesToday` 0, where 1 would be the least.
    bits = INTEGERS[shape.type_name]
    least, most = -(2**bits), shape.metadata.get("max", 2**bits - 1)
    return [] if least <= number <= most else [f"{number} is not from {least} to {most}"]
