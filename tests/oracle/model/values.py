"""JSON values as this oracle reads them: number texts kept, paths looked up, scalars turned into text and decimals."""
import json
import re
from decimal import Decimal


class Number:
    """A JSON number, kept as the text it was written with: ids must not lose digits, prices must not gain any."""

    __slots__ = ("text",)

    def __init__(self, text):
        self.text = text

    def __eq__(self, other):
        return isinstance(other, Number) and same_number(self.text, other.text)

    def __hash__(self):
        return hash(Decimal(self.text))

    def __repr__(self):
        return self.text


class NotJson(Exception):
    """The bytes are no JSON text by the project's rules."""


def same_number(a, b):
    return Decimal(a) == Decimal(b)


def _no_constant(name):
    raise NotJson(name)


def depth(value):
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(depth, value), default=0)
    return 0


def has_lone_surrogate(value):
    if isinstance(value, str):
        return any(0xD800 <= ord(c) <= 0xDFFF for c in value)
    if isinstance(value, dict):
        return any(has_lone_surrogate(k) or has_lone_surrogate(v) for k, v in value.items())
    return isinstance(value, list) and any(map(has_lone_surrogate, value))


def parse(data):
    """bytes -> value; the last of several members with one name wins, a byte order mark is skipped, depth is at most 64."""
    try:
        text = data.decode("utf-8").removeprefix("\ufeff")
        value = json.loads(text, parse_int=Number, parse_float=Number, parse_constant=_no_constant)
    except (ValueError, RecursionError) as e:
        raise NotJson(str(e)) from e
    if depth(value) > 64 or has_lone_surrogate(value):
        raise NotJson("depth or surrogate")
    return value


def dump(value):
    """value -> JSON text, numbers as they were."""
    if isinstance(value, Number):
        return value.text
    if isinstance(value, dict):
        return "{" + ",".join(json.dumps(k) + ":" + dump(v) for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(dump, value)) + "]"
    return json.dumps(value)


def at(value, path):
    """The member under a dotted path, None when there is none; a preset's view of a record looks itself."""
    if hasattr(value, "look"):
        return value.look(path)
    for name in path.split("."):
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def first(value, *paths):
    """The first member that is there and not null."""
    return next((found for found in (at(value, path) for path in paths) if found is not None), None)


def first_filled(value, *paths):
    """The first member that is there, not null and no blank text."""
    return next((found for found in (at(value, path) for path in paths)
                 if found is not None and not (isinstance(found, str) and not found.strip(ASCII_BLANKS))), None)


def no_id(value):
    """What programs print for a value that they do not have; as an id it is none."""
    return isinstance(value, str) and value.strip(ASCII_BLANKS) in ("null", "NULL", "undefined", "NaN")


def ids(value):
    """A value without what is no id, which of a list may be some members."""
    if isinstance(value, list):
        return [ids(v) for v in value if not no_id(v)]
    return None if no_id(value) else value


def first_id(value, *paths):
    """As first(), of ids."""
    return next((found for found in (ids(at(value, path)) for path in paths) if found is not None), None)


def first_filled_id(value, *paths):
    """As first_filled(), of ids."""
    return next((found for path in paths if not no_id(at(value, path)) and (found := first_filled(value, path)) is not None), None)


def text_of(value):
    """The text of a string or number; booleans, lists, objects and blank texts are no text."""
    if isinstance(value, Number):
        return value.text
    return value if isinstance(value, str) and value.strip(ASCII_BLANKS) else None


ASCII_BLANKS = " \t\r\n"
PLAIN_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?\Z")


def decimal_of(value):
    """A JSON number, or text that is a plain decimal, as Number; else None."""
    if isinstance(value, Number):
        return value
    if isinstance(value, str) and PLAIN_DECIMAL.match(value.strip(ASCII_BLANKS)):
        return Number(value.strip(ASCII_BLANKS))
    return None


def integer_of(value):
    """A decimal without a fraction, within what a double counts exactly."""
    number = decimal_of(value)
    exact = Decimal(number.text) if number else None
    if exact is None or abs(exact) >= 2**53 or exact != int(exact):
        return None
    return Number(str(int(exact)))


def texts_of(value):
    """The texts of a list's members, or of the one scalar."""
    values = value if isinstance(value, list) else [value]
    return [t for t in map(text_of, values) if t is not None]


def joined_or_list(value):
    """A list of texts; one text that is joined by commas stays the text it is."""
    return value if isinstance(value, str) and "," in value else texts_of(value)
