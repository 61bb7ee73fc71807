"""Tables with items."""

from ..answers import Patience
from .names import fresh


class Tables:
    def __init__(self, target):
        self.api = target.client("dynamodb")
        self.soon = Patience(target.kind.patience).soon

    def table(self, sort_key=False):
        """A table with the key `key`, and the number `build` below it."""
        keys = [("key", "S", "HASH")] + ([("build", "N", "RANGE")] if sort_key else [])
        table = Table(self.api, fresh("table"))
        table.call(
            self.api.create_table,
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": kind} for name, kind, _ in keys
            ],
            KeySchema=[{"AttributeName": name, "KeyType": part} for name, _, part in keys],
            BillingMode="PAY_PER_REQUEST",
        )
        look = lambda: table.call(self.api.describe_table)["Table"]["TableStatus"]
        self.soon(look, "ACTIVE")
        return table

    def item(self, **attributes):
        """A table with one item, and that item's name."""
        table = self.table()
        table.put("shop", **attributes)
        return table


class Table:
    """A table whose items are named by their key."""

    def __init__(self, api, name):
        self.api, self.name = api, name

    def call(self, call, /, **given):
        return call(TableName=self.name, **given)

    def put(self, key, _more=(), **attributes):
        item = {"key": {"S": key}} | attributes
        return self.call(self.api.put_item, Item=item, **dict(_more))

    def update(self, expression, _more=(), _key="shop", **values):
        return self.call(
            self.api.update_item,
            Key={"key": {"S": _key}},
            UpdateExpression=expression,
            **_values(values),
            **dict(_more),
        )

    def delete(self, **more):
        return self.call(self.api.delete_item, Key={"key": {"S": "shop"}}, **more)

    def get(self, key="shop", **more):
        """An item's attributes but its key, or nothing."""
        item = self.call(self.api.get_item, Key={"key": {"S": key}}, ConsistentRead=True, **more)
        if "Item" not in item:
            return None
        return {name: value for name, value in item["Item"].items() if name != "key"}


def _values(values):
    named = {f":{name}": value for name, value in values.items()}
    return {"ExpressionAttributeValues": named} if named else {}
