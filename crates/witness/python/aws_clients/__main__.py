"""Drives a sandbox with boto3's core or with the AWS CLI; one line of JSON for each check."""

import argparse
import os

import boto3

from . import bad, members, protocol, selfcheck, stage
from .report import Report
from .sandbox import Sandbox


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("witness", choices=WITNESSES)
    arguments.add_argument("--endpoint", required=True)
    arguments.add_argument("--short", action="store_true", help="what each change has to pass")
    given = arguments.parse_args()
    WITNESSES[given.witness](Sandbox(given.endpoint), given.short)


def with_boto3(sandbox, _short):
    """The short run is the whole one: each member is given once, and the table needs them all."""
    report = Report(boto3.__version__)
    services = set()
    for operation in stage.operations(sandbox, report):
        kinds = members.drive(operation, report)
        bad.drive(operation, report, kinds)
        selfcheck.drive(operation, report)
        if operation.service not in services:
            services.add(operation.service)
            protocol.drive(operation, report)


def with_aws_cli(sandbox, short):
    """The short run leaves out the CLI as a process of its own."""
    # Only here: the CLI takes its time to be imported.
    from . import cli

    report = Report(cli.VERSION)
    for operation in stage.operations(sandbox, report):
        os.environ |= {"AWS_ACCESS_KEY_ID": operation.account, "AWS_SECRET_ACCESS_KEY": "unchecked"}
        cli.drive(cli.InProcess(sandbox.endpoint), operation, report)
        if not short:
            cli.drive(cli.Executable(sandbox.endpoint), operation, report)


WITNESSES = {"boto3": with_boto3, "aws-cli": with_aws_cli}

main()
