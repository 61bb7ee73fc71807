"""Roles of another account."""

OTHER_ACCOUNT = "222222222222"


class Roles:
    def __init__(self, target):
        self.target = target
        self.sts = target.client("sts")

    def assumed(self, **more):
        """A session of a role in the other account."""
        role = f"arn:aws:iam::{OTHER_ACCOUNT}:role/deployer"
        given = {"RoleArn": role, "RoleSessionName": "build-7"} | more
        return self.sts.assume_role(**given)
