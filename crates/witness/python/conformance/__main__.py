"""Runs the suite on a local AWS; one line of JSON for each scenario and difference."""

import argparse
import json
from concurrent.futures import ThreadPoolExecutor

import boto3
from aws_clients.report import Report
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

from . import answers, scenario, worlds
from .scenes import (  # noqa: F401  each adds its scenarios to the list
    dynamodb_conditions,
    dynamodb_items,
    dynamodb_reads,
    dynamolock,
    ecs_services,
    ecs_task_definitions,
    ecs_task_sets,
    ecs_task_set_life,
    ecs_tasks,
    elbv2_forwards,
    elbv2_listings,
    elbv2_priorities,
    elbv2_rules,
    elbv2_targets,
    sts,
)
from .target import KINDS, Target


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("target", choices=KINDS)
    arguments.add_argument("--endpoint", required=True)
    given = arguments.parse_args()
    target = Target(given.target, given.endpoint)
    report = Report(boto3.__version__)
    chosen = [each for each in scenario.ALL if each.service in target.kind.services]
    with ThreadPoolExecutor(target.kind.at_once) as pool:
        answered = pool.map(lambda each: observed(each, target), chosen)
        for each, answer in zip(chosen, answered, strict=True):
            tell(report, target, each, answer)


def observed(each, target):
    """What a scenario shows; an error that it does not expect is what it shows, too."""
    try:
        return each.observe(worlds.of(each.service, target))
    except ClientError as error:
        return f"{error.operation_name}: {answers.code(error)}"
    except ResponseParserError as error:
        return answers.code(error)
    except KeyError as error:
        return f"an answer without {error.args[0]}"
    except IndexError:
        return "an answer with an empty list"


def tell(report, target, each, answered):
    """The sandbox has to answer as AWS documents it; of the others the differences are noted."""
    differs = answered != each.expected
    is_ours = target.name == "sandbox"
    shown, expected = in_words(answered), in_words(each.expected)
    fault = f"{shown}, where {expected} is right: {each.page or 'no page, but users say so'}"
    report.check(each.name, [fault] if differs and is_ours else [])
    if differs and not is_ours:
        report.difference(each.name, answered=shown, documented=expected, page=each.page)


def in_words(value):
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


main()
