"""Scenes of DynamoDB: tables with items."""

import itertools

from .case import Case

KEY = {"key": {"S": "shop"}}
ITEM = KEY | {"holder": {"S": "witness"}, "count": {"N": "1"}, "data": {"B": b"\x00\xff"}}
NO_TABLE = ({"TableName": "nobody"}, "ResourceNotFoundException")
WRONG_KEY = ({"Key": {"name": {"S": "shop"}}}, "ValidationException")


class Scene:
    """Makes what calls of DynamoDB act on."""

    def __init__(self, client, _clients):
        self._client = client
        self._numbers = itertools.count(1)

    def _new_table(self):
        return {
            "TableName": f"table-{next(self._numbers)}",
            "AttributeDefinitions": [{"AttributeName": "key", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "key", "KeyType": "HASH"}],
            "BillingMode": "PAY_PER_REQUEST",
        }

    def _table(self):
        """A table with two items."""
        given = self._new_table()
        self._client.must("CreateTable", given)
        for item in (ITEM, ITEM | {"key": {"S": "till"}}):
            self._client.must("PutItem", {"TableName": given["TableName"], "Item": item})
        return given["TableName"]

    def CreateTable(self):
        given = self._new_table()
        throughput = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}
        provisioned = {"BillingMode": "PROVISIONED", "ProvisionedThroughput": throughput}
        mistakes = [
            ({"TableName": self._table()}, "ResourceInUseException"),
            ({"TableName": "no such name"}, "ValidationException"),
            ({"KeySchema": []}, "ValidationException"),
            ({"BillingMode": "PROVISIONED"}, "ValidationException"),
        ]
        return Case(given, {"ProvisionedThroughput": provisioned}, mistakes=mistakes)

    def DescribeTable(self):
        return Case({"TableName": self._table()}, mistakes=[NO_TABLE])

    def DeleteTable(self):
        return Case({"TableName": self._table()}, mistakes=[NO_TABLE])

    def ListTables(self):
        self._table()
        return Case({}, mistakes=[({"Limit": 101}, "ValidationException")])

    def GetItem(self):
        given = {"TableName": self._table(), "Key": KEY}
        unused = ({"ExpressionAttributeNames": {"#c": "count"}}, "ValidationException")
        broken = ({"ProjectionExpression": "a b"}, "ValidationException")
        return Case(given, _projection(), mistakes=[NO_TABLE, WRONG_KEY, unused, broken])

    def BatchGetItem(self):
        table = self._table()
        with_names = {"Keys": [KEY], "ProjectionExpression": "#c"}
        with_names["ExpressionAttributeNames"] = {"#c": "count"}
        projected = {"RequestItems": {table: with_names}}
        members = {
            "RequestItems.*.ProjectionExpression": projected,
            "RequestItems.*.ExpressionAttributeNames": projected,
        }
        twice = {"RequestItems": {table: {"Keys": [KEY, KEY]}}}
        unknown = {"RequestItems": {"nobody": {"Keys": [KEY]}}}
        mistakes = [(twice, "ValidationException"), (unknown, "ResourceNotFoundException")]
        return Case({"RequestItems": {table: {"Keys": [KEY]}}}, members, mistakes=mistakes)

    def PutItem(self):
        given = {"TableName": self._table(), "Item": ITEM | {"list": {"L": [{"BOOL": True}]}}}
        mistakes = [
            NO_TABLE,
            ({"Item": {"name": {"S": "shop"}}}, "ValidationException"),
            ({"ReturnValues": "ALL_NEW"}, "ValidationException"),
            (_never(), "ConditionalCheckFailedException"),
        ]
        return Case(given, _condition() | _return_values("ALL_OLD"), mistakes=mistakes)

    def UpdateItem(self):
        given = {"TableName": self._table(), "Key": KEY}
        update = {
            "UpdateExpression": "SET #c = #c + :one",
            "ExpressionAttributeNames": {"#c": "count"},
            "ExpressionAttributeValues": {":one": {"N": "1"}},
        }
        mistakes = [
            NO_TABLE,
            WRONG_KEY,
            ({"UpdateExpression": "SET"}, "ValidationException"),
            (_never(), "ConditionalCheckFailedException"),
        ]
        members = _condition() | {"UpdateExpression": update} | _return_values("ALL_NEW")
        return Case(given, members, mistakes=mistakes)

    def DeleteItem(self):
        given = {"TableName": self._table(), "Key": KEY}
        mistakes = [NO_TABLE, WRONG_KEY, (_never(), "ConditionalCheckFailedException")]
        return Case(given, _condition() | _return_values("ALL_OLD"), mistakes=mistakes)

    def Query(self):
        given = {
            "TableName": self._table(),
            "KeyConditionExpression": "#k = :k",
            "ExpressionAttributeNames": {"#k": "key"},
            "ExpressionAttributeValues": {":k": {"S": "shop"}},
        }
        names = {"#k": "key", "#c": "count"}
        projection = {"ProjectionExpression": "#c", "ExpressionAttributeNames": names}
        members = {
            "ProjectionExpression": projection,
            "FilterExpression": {"FilterExpression": "attribute_exists(holder)"},
            "Select": {"Select": "COUNT"},
            "ExclusiveStartKey": {"ExclusiveStartKey": KEY},
        }
        broken = ({"KeyConditionExpression": "#k > :k"}, "ValidationException")
        return Case(given, members, mistakes=[NO_TABLE, broken])

    def Scan(self):
        members = _projection() | {
            "FilterExpression": {"FilterExpression": "attribute_exists(holder)"},
            "ExpressionAttributeValues": {
                "FilterExpression": "holder = :h",
                "ExpressionAttributeValues": {":h": {"S": "witness"}},
            },
            "Select": {"Select": "COUNT"},
            "ExclusiveStartKey": {"ExclusiveStartKey": KEY},
        }
        broken = ({"FilterExpression": "holder ="}, "ValidationException")
        return Case({"TableName": self._table()}, members, mistakes=[NO_TABLE, broken])


def _projection():
    with_names = {"ProjectionExpression": "#c", "ExpressionAttributeNames": {"#c": "count"}}
    return {"ProjectionExpression": with_names, "ExpressionAttributeNames": with_names}


def _condition():
    with_all = {
        "ConditionExpression": "#h = :h",
        "ExpressionAttributeNames": {"#h": "holder"},
        "ExpressionAttributeValues": {":h": {"S": "witness"}},
    }
    return {name: with_all for name in with_all}


def _return_values(word):
    failure = "ReturnValuesOnConditionCheckFailure"
    return {"ReturnValues": {"ReturnValues": word}, failure: {failure: "ALL_OLD"}}


def _never():
    """A condition that no item meets; the error shows the item."""
    return {
        "ConditionExpression": "attribute_not_exists(holder)",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
