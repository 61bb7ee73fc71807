"""Scenes of STS."""

from .case import Case


class Scene:
    """STS needs nothing to act on."""

    def __init__(self, _client, _clients):
        pass

    def GetCallerIdentity(self):
        return Case({})

    def AssumeRole(self):
        role = "arn:aws:iam::222222222222:role/deployer"
        given = {"RoleArn": role, "RoleSessionName": "witness"}
        mistakes = [
            ({"RoleArn": "arn:aws:iam::222222222222:user/deployer"}, "ValidationError"),
            ({"RoleSessionName": "no such name!"}, "ValidationError"),
            ({"DurationSeconds": 899}, "ValidationError"),
            ({"DurationSeconds": 43_201}, "ValidationError"),
        ]
        return Case(given, {"DurationSeconds": {"DurationSeconds": 900}}, mistakes=mistakes)
