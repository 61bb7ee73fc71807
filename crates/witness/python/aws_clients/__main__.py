"""Drives a sandbox with boto3's core or with the AWS CLI; one line of JSON for each check."""

import argparse
import os

import boto3

from . import bad, members, stage
from .report import Report
from .sandbox import Sandbox


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("witness", choices=WITNESSES)
    arguments.add_argument("--endpoint", required=True)
    given = arguments.parse_args()
    WITNESSES[given.witness](Sandbox(given.endpoint))


def with_boto3(sandbox):
    report = Report(boto3.__version__)
    for operation in stage.operations(sandbox, report):
        kinds = members.drive(operation, report)
        bad.drive(operation, report, kinds)


def with_aws_cli(sandbox):
    # Only here: the CLI takes its time to be imported.
    from . import cli

    report = Report(cli.VERSION)
    for operation in stage.operations(sandbox, report):
        os.environ |= {"AWS_ACCESS_KEY_ID": operation.account, "AWS_SECRET_ACCESS_KEY": "unchecked"}
        cli.drive(cli.Cli(sandbox.endpoint), operation, report)


WITNESSES = {"boto3": with_boto3, "aws-cli": with_aws_cli}

main()
