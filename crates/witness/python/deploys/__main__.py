"""Deploys with the program; one line of JSON for each check."""

import argparse

import boto3

from aws_clients.report import Report

from . import play, scenarios
from .aws import Aws
from .burst import Burst
from .disturbed import Disturber


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--ecs-deploy", required=True, help="the program")
    arguments.add_argument("--short", action="store_true", help="what each change has to pass")
    kinds = arguments.add_subparsers(required=True)
    stand_ins = kinds.add_parser("on-stand-ins", help="on clouds of other people")
    stand_ins.add_argument("--tasks", required=True, help="the endpoint of ECS, EC2 and STS")
    stand_ins.add_argument("--traffic", required=True, help="the endpoint of ELBv2 and DynamoDB")
    stand_ins.set_defaults(run=on_stand_ins)
    disturbed = kinds.add_parser("disturbed", help="on a sandbox through microburst")
    disturbed.add_argument("--sandbox", required=True, help="its endpoint")
    disturbed.add_argument("--microburst", required=True, help="its endpoint")
    disturbed.set_defaults(run=on_disturbed_sandbox)
    given = arguments.parse_args()
    given.run(given, Report(boto3.__version__))


def on_stand_ins(given, report):
    endpoints = dict.fromkeys(("ecs", "ec2", "sts"), given.tasks)
    endpoints |= dict.fromkeys(("elbv2", "dynamodb"), given.traffic)
    chosen = scenarios.SHORT if given.short else scenarios.ALL
    play.play(chosen, Aws(endpoints), given.ecs_deploy, report)


def on_disturbed_sandbox(given, report):
    services = ("ecs", "sts", "elbv2", "dynamodb")
    sandbox, proxied = (
        Aws(dict.fromkeys(services, endpoint)) for endpoint in (given.sandbox, given.microburst)
    )
    proxied.wake_up()
    disturber = Disturber(sandbox, proxied, Burst(given.microburst), given.ecs_deploy)
    disturber.play(given.short, report)


main()
