"""An AWS that is made of several endpoints, as boto3 and the program see it."""

from threading import Lock

import boto3
from botocore.config import Config

ACCOUNT = "123456789012"
_KEYS = {"AWS_ACCESS_KEY_ID": ACCOUNT, "AWS_SECRET_ACCESS_KEY": "unchecked"}
_VARIABLES = {
    "ecs": "AWS_ENDPOINT_URL_ECS",
    "elbv2": "AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2",
    "dynamodb": "AWS_ENDPOINT_URL_DYNAMODB",
    "sts": "AWS_ENDPOINT_URL_STS",
}
# A session makes one client at a time.
_ONE_AT_A_TIME = Lock()


class Aws:
    """Where each service is. Those that have no endpoint are not there."""

    def __init__(self, endpoints):
        self._endpoints = endpoints

    def has(self, service):
        return service in self._endpoints

    def variables(self):
        """What leads the program there."""
        endpoints = {name: self._endpoints[service] for service, name in _VARIABLES.items()}
        return _KEYS | endpoints

    def wake_up(self):
        """Asks each service something: a proxy may take its time to learn a service's language."""
        self.client("sts", "us-east-1").get_caller_identity()
        self.client("ecs", "us-east-1").list_clusters()
        self.client("elbv2", "us-east-1").describe_load_balancers()
        self.client("dynamodb", "us-east-1").list_tables()

    def client(self, service, region):
        with _ONE_AT_A_TIME:
            return boto3.client(
                service,
                region_name=region,
                endpoint_url=self._endpoints[service],
                aws_access_key_id=ACCOUNT,
                aws_secret_access_key="unchecked",
                config=Config(retries={"total_max_attempts": 1}, proxies={}),
            )
