"""The titles of the pages of AWS's documentation that scenarios rest on."""


def elbv2(name):
    """A page of the API reference of Elastic Load Balancing."""
    return f"{name} - Elastic Load Balancing"


def ecs(name):
    """A page of the API reference of ECS."""
    return f"{name} - Amazon Elastic Container Service"


def dynamodb(name):
    """A page of the API reference of DynamoDB."""
    return f"{name} - Amazon DynamoDB"


def sts(name):
    """A page of the API reference of STS."""
    return f"{name} - AWS Security Token Service"


# What is known of AWS by how it behaved towards users, and found on no page.
NONE_FOUND = None
BALANCER_QUOTAS = elbv2("Quotas for your Application Load Balancers")
EXTERNAL = ecs("Deploy Amazon ECS services using a third-party controller")
ECS_FAILURES = ecs("Amazon ECS API failure reasons")
OPERATORS = dynamodb("Condition and filter expressions, operators, and functions in DynamoDB")
UPDATES = dynamodb("Using update expressions in DynamoDB")
DATA_TYPES = dynamodb("Supported data types and naming rules in Amazon DynamoDB")
RESERVED_WORDS = dynamodb("Reserved words in DynamoDB")
