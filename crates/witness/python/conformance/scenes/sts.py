"""Roles that are assumed."""

import datetime

from .. import pages
from ..answers import verdict
from ..scenario import scenario
from ..worlds.sts import OTHER_ACCOUNT

ASSUME = pages.sts("AssumeRole")


def minutes_left(credentials):
    """How long they are good for; the time that the call took is rounded away."""
    left = credentials["Expiration"] - datetime.datetime.now(datetime.timezone.utc)
    return round(left.total_seconds() / 60)


@scenario(
    "sts",
    pages.sts("AssumedRoleUser"),
    f"arn:aws:sts::{OTHER_ACCOUNT}:assumed-role/deployer/build-7",
)
def the_user_of_a_session_is_named_by_role_and_session(world):
    return world.assumed()["AssumedRoleUser"]["Arn"]


@scenario("sts", pages.sts("GetCallerIdentity"), [OTHER_ACCOUNT, "assumed-role/deployer/build-7"])
def a_session_acts_in_the_account_of_its_role(world):
    credentials = world.assumed()["Credentials"]
    keys = (credentials[name] for name in ("AccessKeyId", "SecretAccessKey", "SessionToken"))
    caller = world.target.client("sts", *keys).get_caller_identity()
    return [caller["Account"], caller["Arn"].split(":")[-1]]


@scenario("sts", ASSUME, [60, 15])
def a_session_lasts_an_hour_or_as_long_as_asked_for(world):
    sessions = (world.assumed(), world.assumed(DurationSeconds=900))
    return [minutes_left(session["Credentials"]) for session in sessions]


@scenario("sts", ASSUME, ["refused", "refused"])
def a_session_lasts_from_15_minutes_to_12_hours(world):
    return [verdict(world.assumed, DurationSeconds=seconds) for seconds in (899, 43_201)]


@scenario("sts", ASSUME, ["refused", "refused"])
def the_name_of_a_session_has_2_to_64_characters_of_a_few_kinds(world):
    return [verdict(world.assumed, RoleSessionName=name) for name in ("no such name!", "x" * 65)]


@scenario("sts", ASSUME, "refused")
def a_role_is_named_by_its_arn(world):
    return verdict(world.assumed, RoleArn="deployer")
