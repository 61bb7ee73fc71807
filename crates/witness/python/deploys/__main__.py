"""Deploys with the program; one line of JSON for each check."""

import argparse

import boto3

from aws_clients.report import Report

from . import scenarios
from .aws import Aws
from .play import play


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--ecs-deploy", required=True, help="the program")
    arguments.add_argument("--tasks", required=True, help="the endpoint of ECS, EC2 and STS")
    arguments.add_argument("--traffic", required=True, help="the endpoint of ELBv2 and DynamoDB")
    arguments.add_argument("--short", action="store_true", help="what each change has to pass")
    given = arguments.parse_args()
    endpoints = dict.fromkeys(("ecs", "ec2", "sts"), given.tasks)
    endpoints |= dict.fromkeys(("elbv2", "dynamodb"), given.traffic)
    chosen = [it for it in scenarios.ALL if not (given.short and it.takes_long)]
    play(chosen, Aws(endpoints), given.ecs_deploy, Report(boto3.__version__))


main()
