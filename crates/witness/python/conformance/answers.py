"""What calls answer, in words that say nothing of ids."""

import itertools
import time

from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

DONE = "done"
REFUSED = "refused"
# What a call may answer; anything else is an accident of the suite itself.
ERRORS = (ClientError, ResponseParserError)


def code(error):
    """What a call answers instead of what it was asked for."""
    if isinstance(error, ResponseParserError):
        return "an answer that is not AWS's"
    return error.response["Error"]["Code"]


def word(call, /, *args, **given):
    """The code of the error that a call answers with, or that it is done."""
    try:
        call(*args, **given)
    except ERRORS as error:
        return code(error)
    return DONE


def verdict(call, /, *args, **given):
    """Whether a call is refused, where AWS documents that it is but not with which code."""
    try:
        call(*args, **given)
    except ClientError as error:
        is_refusal = error.response["ResponseMetadata"]["HTTPStatusCode"] < 500
        return REFUSED if is_refusal else code(error)
    return DONE


def named(names, values):
    """Values by the names that a scenario has for their keys."""
    return {name: values.get(key) for name, key in names.items()}


def pages(call, member, token_in, token_out, **given):
    """The elements of each page, until there is no further one."""
    found = []
    token = {}
    # A stand-in that always answers with a further page must come to an end, too.
    while len(found) < 20:
        answer = call(**given, **token)
        found.append(answer[member])
        if not answer.get(token_out):
            break
        token = {token_in: answer[token_out]}
    return found


def sizes(found):
    return [len(page) for page in found]


# Where each look moves things on, a slow machine must not look less often than a quick one.
LOOKS = 10
PAUSE = 0.02


class Patience:
    """Waits for what happens by itself."""

    def __init__(self, seconds):
        self._seconds = seconds

    def soon(self, look, wanted):
        """What a look shows once that is what is wanted, or else what it shows at last."""
        until = time.monotonic() + self._seconds
        for looks in itertools.count(1):
            seen = look()
            if seen == wanted or (looks >= LOOKS and time.monotonic() >= until):
                return seen
            time.sleep(PAUSE)
