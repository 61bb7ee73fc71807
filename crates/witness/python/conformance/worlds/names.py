"""Names that nobody else has: all scenarios share one account."""

import secrets


def fresh(kind):
    return f"{kind}-{secrets.token_hex(5)}"
