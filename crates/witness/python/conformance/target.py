"""The local AWSs that the suite runs on."""

from dataclasses import dataclass
from functools import cache

import boto3
from botocore.config import Config

REGION = "us-east-1"
ACCOUNT = "111111111111"


@dataclass(frozen=True)
class Kind:
    """What is known of a local AWS before it is asked."""

    services: tuple
    # How many seconds what happens by itself may take; a few looks are taken in any case.
    patience: float
    # How many scenarios run at once.
    at_once: int
    # Whether a network has to be there before anything can stand in it.
    has_networks: bool = False


# Only in the sandbox does anything happen by itself. Elsewhere one scenario after the other tells
# what is the stand-in's answer, and not what two at once make of it.
KINDS = {
    "sandbox": Kind(("ecs", "elbv2", "dynamodb", "sts"), patience=60.0, at_once=8),
    "moto": Kind(("ecs", "elbv2", "dynamodb", "sts"), patience=0.0, at_once=1, has_networks=True),
    "ministack": Kind(("elbv2", "dynamodb"), patience=0.0, at_once=1),
    "dynalite": Kind(("dynamodb",), patience=0.0, at_once=1),
}


class Target:
    """A local AWS that serves."""

    def __init__(self, name, endpoint):
        self.name = name
        self.kind = KINDS[name]
        self._endpoint = endpoint

    @cache
    def client(self, service, key=ACCOUNT, secret="unchecked", token=None):
        """A client that sends what it is given, and calls once."""
        return boto3.session.Session().client(
            service,
            region_name=REGION,
            endpoint_url=self._endpoint,
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            aws_session_token=token,
            config=Config(
                parameter_validation=False,
                retries={"total_max_attempts": 1},
                max_pool_connections=32,
                proxies={},
            ),
        )

    @cache
    def network(self):
        """A network with two subnets and a security group."""
        if not self.kind.has_networks:
            return Network("vpc-1", ("subnet-1", "subnet-2"), "sg-1")
        ec2 = self.client("ec2")
        subnets = ec2.describe_subnets()["Subnets"][:2]
        vpc = subnets[0]["VpcId"]
        of_vpc = [{"Name": "vpc-id", "Values": [vpc]}]
        group = ec2.describe_security_groups(Filters=of_vpc)["SecurityGroups"][0]["GroupId"]
        return Network(vpc, tuple(subnet["SubnetId"] for subnet in subnets), group)


@dataclass(frozen=True)
class Network:
    vpc: str
    subnets: tuple
    security_group: str
