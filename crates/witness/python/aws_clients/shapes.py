"""Members of an operation's input: their paths, values that fit them, and how they are set."""

import copy
import re

# DynamoDB's value of an attribute holds itself; what it may hold is one thing here.
WHOLE = {"AttributeValue"}


def leaves(shape, path="", above=()):
    """The paths of all values below a shape; `*` is a map's key, lists are passed through."""
    if shape.type_name == "structure" and shape.name not in WHOLE and shape.members:
        if shape.name in above:
            return
        for name, member in shape.members.items():
            yield from leaves(member, f"{path}.{name}".lstrip("."), (*above, shape.name))
    elif shape.type_name == "list" and shape.member.name not in WHOLE:
        yield from leaves(shape.member, path, above)
    elif shape.type_name == "map" and shape.value.name not in WHOLE:
        yield from leaves(shape.value, f"{path}.*", above)
    else:
        yield path


def sample(shape):
    """A value that fits a shape, with what it requires and no more."""
    kind = shape.type_name
    if shape.name in WHOLE:
        return {"S": "witness"}
    if kind == "structure":
        return {name: sample(shape.members[name]) for name in shape.required_members}
    if kind == "list":
        return [sample(shape.member)]
    if kind == "map":
        return {sample(shape.key): sample(shape.value)}
    return _scalar(shape)


def _scalar(shape):
    kind = shape.type_name
    if kind == "string":
        return shape.enum[0] if shape.enum else "w" * max(7, shape.metadata.get("min", 0))
    if kind in ("integer", "long"):
        return max(1, shape.metadata.get("min", 1))
    if kind in ("double", "float"):
        return 1.0
    if kind == "timestamp":
        return 1_700_000_000
    return True if kind == "boolean" else b"witness"


def has(given, path):
    """Whether an input gives the member of that path."""
    name, _, rest = path.partition(".")
    if isinstance(given, list):
        return any(has(item, path) for item in given)
    if not isinstance(given, dict):
        return False
    if name == "*":
        return any(not rest or has(value, rest) for value in given.values())
    return name in given and (not rest or has(given[name], rest))


def with_member(given, path, shape):
    """The input with a member more, and whatever that member stands in."""
    given = copy.deepcopy(given)
    _set(given, path.split("."), shape)
    return given


def _set(value, parts, shape):
    if shape.type_name == "list":
        if not value:
            value.append(_empty(shape.member))
        if isinstance(value[0], (dict, list)):
            _set(value[0], parts, shape.member)
        return
    name, rest = parts[0], parts[1:]
    if shape.type_name == "map":
        name, member = next(iter(value), "witness"), shape.value
    else:
        member = shape.members[name]
    if not rest:
        value[name] = sample(member)
        return
    _set(value.setdefault(name, _empty(member)), rest, member)


def _empty(shape):
    if shape.type_name == "list":
        return [] if shape.member.type_name in ("structure", "list", "map") else sample(shape)
    return {} if shape.type_name == "map" else sample(shape)


def plain(path):
    """The path that the sandbox tells, without the places in lists."""
    return re.sub(r"\.\d+(?=\.|$)", "", path)


def fold(paths_by_class):
    """The shortest names for classes of paths: a member all of whose parts are of one class stands
    for them."""
    return {kind: sorted(_fold(kind, paths_by_class, "")) for kind in paths_by_class}


def _fold(kind, paths_by_class, path):
    def below(paths):
        prefix = path + "."
        return {it for it in paths if not path or it == path or it.startswith(prefix)}

    mine = below(paths_by_class[kind])
    others = set().union(*(below(it) for other, it in paths_by_class.items() if other != kind))
    if not mine:
        return set()
    if path and not others:
        return {path}
    folded = set()
    for name in {it[len(path) :].lstrip(".").split(".")[0] for it in mine}:
        folded |= _fold(kind, paths_by_class, f"{path}.{name}".lstrip("."))
    return folded
