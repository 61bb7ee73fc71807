"""The builds in ArtifactDB. The tags of the images tell the stand-ins how their tasks fare."""

FIRST = "9e1d00a"
SECOND = "2b7f1c9"
THIRD = "5ca1ab1"
# Never healthy, exits, has no image.
UNHEALTHY = "0ddba11"
EXITS = "deadbea"
MISSING = "badf00d"
# Takes seconds to start.
SLOW = "0510e57"

# By build number, from 1.
ALL = (FIRST, SECOND, THIRD, UNHEALTHY, EXITS, MISSING, SLOW)

PROJECT = "shop"


def value_of(sha):
    return f"{PROJECT}:{sha}"
