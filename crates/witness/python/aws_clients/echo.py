"""A member that is honoured is shown again wherever the answer has a member of its name."""


def faults(given, path, parsed, unlike):
    """What is shown otherwise than it was given; `unlike` are members that AWS shows otherwise."""
    name = path.split(".")[0]
    for resource in _resources(parsed):
        if (
            name in resource
            and name not in unlike
            and not _holds(resource[name], given[name], unlike)
        ):
            yield f"{name} is shown as {resource[name]!r}, given was {given[name]!r}"


def _resources(parsed):
    """The structures of an answer that tell of one resource: `taskSet`, the only one of `Rules`."""
    for name, value in parsed.items():
        if isinstance(value, dict) and name != "ResponseMetadata":
            yield value
        if isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict):
            yield value[0]


def _holds(shown, given, unlike):
    """Whether what is shown has all that was given; lists have to be of one length."""
    if isinstance(given, dict):
        named = {name: value for name, value in given.items() if name not in unlike}
        return isinstance(shown, dict) and all(
            name in shown and _holds(shown[name], value, unlike) for name, value in named.items()
        )
    if isinstance(given, list):
        return (
            isinstance(shown, list)
            and len(shown) == len(given)
            and all(_holds(one, other, unlike) for one, other in zip(shown, given))
        )
    return shown == given
