"""The requests of dynamolock for Go, v1.4.0, to the letter, and those of our own lock client."""

import threading

from .. import pages
from ..answers import DONE, word
from ..scenario import scenario

PUT = pages.dynamodb("PutItem")
UPDATE = pages.dynamodb("UpdateItem")
DELETE = pages.dynamodb("DeleteItem")
GET = pages.dynamodb("GetItem")
FAILED = "ConditionalCheckFailedException"
FREE = "(attribute_not_exists (#0)) OR ((attribute_exists (#0)) AND (#1 = :0))"
SAME = "(attribute_exists (#0)) AND (#1 = :0)"
MINE = "((attribute_exists (#0)) AND (#1 = :0)) AND (#2 = :1)"
RELEASED = {"isReleased": {"S": "1"}}


class Lock:
    """The row of a lock."""

    def __init__(self, world):
        self.table = world.table()
        self.api = self.table.api

    def row(self, version, **more):
        return {
            "key": {"S": "shop-dev"},
            "ownerName": {"S": "me"},
            "leaseDuration": {"S": "10s"},
            "recordVersionNumber": {"S": version},
            "data": {"B": b"{}"},
        } | more

    def put(self, version, **more):
        self.table.call(self.api.put_item, Item=self.row(version, **more))

    def take(self, version):
        """Takes a lock that is free."""
        return self._place(version, FREE, "isReleased", "1")

    def steal(self, version, seen):
        """Takes a lock whose lease is over."""
        return self._place(version, SAME, "recordVersionNumber", seen)

    def _place(self, version, condition, attribute, value):
        return word(
            self.table.call,
            self.api.put_item,
            Item=self.row(version),
            ConditionExpression=condition,
            ExpressionAttributeNames={"#0": "key", "#1": attribute},
            ExpressionAttributeValues={":0": {"S": value}},
        )

    def mine(self, version, **more):
        """The condition of a holder that knows its version."""
        names = {"#0": "key", "#1": "recordVersionNumber", "#2": "ownerName"}
        return {
            "Key": {"key": {"S": "shop-dev"}},
            "ConditionExpression": MINE,
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": {":0": {"S": version}, ":1": {"S": "me"}},
        }

    def beat(self, version, following):
        given = self.mine(version)
        given["ExpressionAttributeNames"]["#3"] = "leaseDuration"
        given["ExpressionAttributeValues"] |= {":2": {"S": "1m0s"}, ":3": {"S": following}}
        update = "SET #3 = :2, #1 = :3\n"
        return word(self.table.call, self.api.update_item, UpdateExpression=update, **given)

    def release(self, version):
        given = self.mine(version)
        given["ExpressionAttributeNames"]["#3"] = "isReleased"
        given["ExpressionAttributeValues"][":2"] = {"S": "1"}
        update = "SET #3 = :2\n"
        return word(self.table.call, self.api.update_item, UpdateExpression=update, **given)

    def delete(self, version):
        return word(self.table.call, self.api.delete_item, **self.mine(version))

    def seen(self, *attributes):
        found = self.table.get("shop-dev")
        return found and [found.get(name, {}).get("S") for name in attributes]

    def version(self):
        return self.seen("recordVersionNumber")


@scenario("dynamodb", PUT, ["done", "ConditionalCheckFailedException", ["1"]])
def a_lock_is_taken_where_there_is_none_and_not_where_there_is_one(world):
    lock = Lock(world)
    return [lock.take("1"), lock.take("2"), lock.version()]


@scenario("dynamodb", PUT, ["done", ["2", None]])
def a_lock_that_was_released_is_taken_and_no_longer_released(world):
    lock = Lock(world)
    lock.put("1", **RELEASED)
    return [lock.take("2"), lock.seen("recordVersionNumber", "isReleased")]


@scenario("dynamodb", PUT, [FAILED, ["1"]])
def a_lock_that_is_released_by_another_type_is_not_taken(world):
    lock = Lock(world)
    lock.put("1", isReleased={"N": "1"})
    return [lock.take("2"), lock.version()]


@scenario("dynamodb", PUT, ["done", FAILED, ["2"]])
def a_lock_is_stolen_only_at_the_version_that_was_seen(world):
    lock = Lock(world)
    lock.put("1")
    return [lock.steal("2", seen="1"), lock.steal("3", seen="1"), lock.version()]


@scenario("dynamodb", UPDATE, ["done", ["2", "1m0s", "me"]])
def a_heartbeat_changes_the_version_and_the_lease_and_nothing_else(world):
    lock = Lock(world)
    lock.put("1")
    return [lock.beat("1", "2"), lock.seen("recordVersionNumber", "leaseDuration", "ownerName")]


@scenario("dynamodb", UPDATE, [FAILED, ["2"]])
def a_heartbeat_of_an_older_version_fails_and_changes_nothing(world):
    lock = Lock(world)
    lock.put("2")
    return [lock.beat("1", "3"), lock.version()]


@scenario("dynamodb", UPDATE, [FAILED, None])
def a_heartbeat_of_a_lock_that_is_gone_fails_and_makes_no_row(world):
    lock = Lock(world)
    return [lock.beat("1", "2"), lock.version()]


@scenario("dynamodb", UPDATE, ["done", ["1", "1", "10s"]])
def a_release_leaves_version_and_lease(world):
    lock = Lock(world)
    lock.put("1")
    return [lock.release("1"), lock.seen("isReleased", "recordVersionNumber", "leaseDuration")]


@scenario("dynamodb", DELETE, [FAILED, ["1"], "done", None])
def a_lock_is_deleted_only_by_who_holds_it(world):
    lock = Lock(world)
    lock.put("1")
    return [lock.delete("0"), lock.version(), lock.delete("1"), lock.version()]


@scenario("dynamodb", GET, False)
def an_item_that_is_not_there_is_an_answer_without_item(world):
    table = world.table()
    return "Item" in table.call(world.api.get_item, Key={"key": {"S": "nobody"}})


@scenario("dynamodb", GET, {"B": b"\x00\xff{}".hex()})
def the_bytes_of_a_lock_come_back_as_they_were(world):
    data = {"B": b"\x00\xff{}"}
    return {"B": world.item(payload=data).get()["payload"]["B"].hex()}


@scenario("dynamodb", PUT, 1)
def of_16_clients_that_take_a_free_lock_at_once_one_gets_it(world):
    return winners(lambda lock, version: lock.take(version), Lock(world))


@scenario("dynamodb", PUT, 1)
def of_16_clients_that_steal_a_lock_at_once_one_gets_it(world):
    lock = Lock(world)
    lock.put("old")
    return winners(lambda lock, version: lock.steal(version, seen="old"), lock)


def winners(take, lock):
    """How many of 16 clients get a lock that they all want at the same moment."""
    told = []
    start = threading.Barrier(16)

    def client(number):
        start.wait()
        told.append(take(lock, str(number)))

    clients = [threading.Thread(target=client, args=[number]) for number in range(16)]
    for each in clients:
        each.start()
    for each in clients:
        each.join()
    return told.count(DONE) if len(told) == 16 else told
