"""One operation's part in a scene."""

from dataclasses import dataclass, field


@dataclass
class Case:
    """A good call, and what else there is to know of the operation."""

    # A good input that asks for as little as possible.
    given: dict
    # By the path of a member: members of the input that give it a value with a meaning here.
    members: dict = field(default_factory=dict)
    # Members that AWS itself refuses in such a call, with the error's code.
    forbidden: dict = field(default_factory=dict)
    # Changes that make the call a bad one (or what makes them, where something has to be there for
    # it), with the error's code that AWS documents for it.
    mistakes: list = field(default_factory=list)
    # Members that the answer shows otherwise than they were given, as it does on AWS.
    unlike: tuple = ()

    def around(self, path):
        """The good input with what the member of that path needs around it."""
        needed = {}
        parts = path.split(".")
        for length in range(1, len(parts) + 1):
            needed |= self.members.get(".".join(parts[:length]), {})
        return self.changed(needed)

    def changed(self, changes):
        """The good input with other members; one that is changed to None is left out."""
        given = self.given | changes
        return {name: value for name, value in given.items() if value is not None}
