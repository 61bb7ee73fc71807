"""An environment to deploy to, alone in its region, made by the calls of a team that sets it up."""

import json
from dataclasses import dataclass

from . import builds
from .aws import ACCOUNT

APP = "shop"
CLUSTER = "main"
COLORS = ("green", "blue")
ENVIRONMENT = "dev"
SERVICE = "shop-dev"
LOCK = f"{APP}-{ENVIRONMENT}"
PORT = 8080
# How many tasks are to serve.
DESIRED = 2
CONFIG_SHA = "1a2b3c4d"
# What ArtifactDB says of a build that was deployed.
DEPLOY_TAG = f"deploy-{ENVIRONMENT}-{CONFIG_SHA}"
# The priorities of the colors' rules; green serves at first.
PRIORITIES = {"green": 11, "blue": 12}


@dataclass
class Stage:
    """What was made."""

    aws: object
    region: str
    listener: str
    groups: dict
    subnets: list
    security_group: str

    def client(self, service):
        return self.aws.client(service, self.region)

    def config(self, post_deploy=None):
        """The config file, with what a shell is to run after the swap."""
        environment = {
            "AccountID": ACCOUNT,
            "Region": self.region,
            "Cluster": CLUSTER,
            "Family": SERVICE,
            "CPU": "256",
            "Memory": "512",
            "TaskRoleArn": f"arn:aws:iam::{ACCOUNT}:role/shop",
            "ExecutionRoleArn": f"arn:aws:iam::{ACCOUNT}:role/ecs-execution",
            "SecurityGroups": [self.security_group],
            "Subnets": self.subnets,
            "ListenerARN": self.listener,
            "TargetGroupARNs": self.groups,
            "Deployment": {"RolloutTimeout": "40s", "SettleTime": "1s"},
        }
        app = {
            "ArtifactDBProjectName": builds.PROJECT,
            "ContainerDefinitionTemplates": [container("{{.Artifact.Value}}")],
            "PostDeployCommandTemplates": [shell(post_deploy)] if post_deploy else [],
            "Environments": {ENVIRONMENT: environment},
        }
        head = {"ConfigAccountID": ACCOUNT, "ConfigRegion": self.region}
        return json.dumps(head | {"Apps": {APP: app}})


def container(image):
    return {"Name": "web", "Image": image, "PortMappings": [{"containerPort": PORT}]}


def shell(script):
    return {"Program": "sh", "Arguments": ["-c", script]}


def build(aws, region):
    """Makes everything; the service has no task set yet."""
    network = _network(aws, region)
    balancer = _balancer(aws.client("elbv2", region), network)
    ecs = aws.client("ecs", region)
    ecs.create_cluster(clusterName=CLUSTER)
    ecs.create_service(
        cluster=CLUSTER,
        serviceName=SERVICE,
        desiredCount=DESIRED,
        deploymentController={"type": "EXTERNAL"},
    )
    _tables(aws.client("dynamodb", region))
    return Stage(
        aws,
        region,
        subnets=network["subnets"],
        security_group=network["security_group"],
        **balancer,
    )


def _network(aws, region):
    """Where EC2 is, subnets and security groups have to exist."""
    if not aws.has("ec2"):
        return {"vpc": "vpc-1", "subnets": ["subnet-1", "subnet-2"], "security_group": "sg-1"}
    ec2 = aws.client("ec2", region)
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    zones = [f"{region}{letter}" for letter in "ab"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=zone)
        for number, zone in enumerate(zones)
    ]
    group = ec2.create_security_group(VpcId=vpc, GroupName="shop", Description="the tasks")
    return {
        "vpc": vpc,
        "subnets": [it["Subnet"]["SubnetId"] for it in subnets],
        "security_group": group["GroupId"],
    }


def _balancer(elb, network):
    balancer = elb.create_load_balancer(
        Name=SERVICE, Subnets=network["subnets"], SecurityGroups=[network["security_group"]]
    )
    nothing = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}
    listener = elb.create_listener(
        LoadBalancerArn=balancer["LoadBalancers"][0]["LoadBalancerArn"],
        Protocol="HTTP",
        Port=80,
        DefaultActions=[nothing],
    )["Listeners"][0]["ListenerArn"]
    groups = {color: _target_group(elb, color, network["vpc"]) for color in COLORS}
    for color, group in groups.items():
        elb.create_rule(
            ListenerArn=listener,
            Priority=PRIORITIES[color],
            Conditions=[{"Field": "path-pattern", "Values": ["/*"]}],
            Actions=[{"Type": "forward", "TargetGroupArn": group}],
        )
    return {"listener": listener, "groups": groups}


def _target_group(elb, color, vpc):
    made = elb.create_target_group(
        Name=f"{SERVICE}-{color}",
        Protocol="HTTP",
        Port=PORT,
        VpcId=vpc,
        TargetType="ip",
        HealthCheckPath="/healthz",
        HealthCheckIntervalSeconds=5,
        HealthCheckTimeoutSeconds=2,
        HealthyThresholdCount=2,
    )
    group = made["TargetGroups"][0]["TargetGroupArn"]
    delay = {"Key": "deregistration_delay.timeout_seconds", "Value": "1"}
    elb.modify_target_group_attributes(TargetGroupArn=group, Attributes=[delay])
    return group


def _tables(dynamodb):
    _table(dynamodb, "DeployLock", [("key", "S", "HASH")])
    _table(dynamodb, "ArtifactDB", [("ProjectName", "S", "HASH"), ("BuildNumber", "N", "RANGE")])
    for number, sha in enumerate(builds.ALL, start=1):
        item = {
            "ProjectName": {"S": builds.PROJECT},
            "BuildNumber": {"N": str(number)},
            "Value": {"S": builds.value_of(sha)},
            "Tags": {"M": {"SHA": {"S": sha}}},
            "ContainedArtifacts": {"NULL": True},
        }
        dynamodb.put_item(TableName="ArtifactDB", Item=item)


def _table(dynamodb, name, keys):
    dynamodb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": key, "KeyType": kind} for key, _, kind in keys],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": it} for key, it, _ in keys],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
