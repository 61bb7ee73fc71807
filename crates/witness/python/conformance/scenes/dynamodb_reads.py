"""Reads: projections, queries, scans, and their pages."""

from .. import pages
from ..answers import pages as all_pages
from ..answers import sizes, word
from ..scenario import scenario

QUERY = pages.dynamodb("Query")
SCAN = pages.dynamodb("Scan")
OF_SHOP = {
    "KeyConditionExpression": "#k = :k",
    "ExpressionAttributeNames": {"#k": "key"},
    "ExpressionAttributeValues": {":k": {"S": "shop"}},
}


def builds(world):
    """A table with the builds 1, 2 and 10 of a shop, and one of another."""
    table = world.table(sort_key=True)
    for key, build in (("shop", "2"), ("shop", "10"), ("shop", "1"), ("till", "5")):
        table.put(key, build={"N": build}, even={"BOOL": int(build) % 2 == 0})
    return table


def numbers(items):
    return [int(item["build"]["N"]) for item in items]


def query(table, **more):
    return table.call(table.api.query, **OF_SHOP | more)


@scenario("dynamodb", QUERY, [[1, 2, 10], [10, 2, 1]])
def a_query_is_in_the_order_of_the_sort_key_or_against_it(world):
    table = builds(world)
    return [numbers(query(table, ScanIndexForward=way)["Items"]) for way in (True, False)]


@scenario("dynamodb", QUERY, [[10, 2], True, [1], False])
def a_query_goes_on_after_the_last_item_of_a_page(world):
    table = builds(world)
    given = {"ScanIndexForward": False, "Limit": 2, "ConsistentRead": True}
    first = query(table, **given)
    second = query(table, **given, ExclusiveStartKey=first["LastEvaluatedKey"])
    ends = ["LastEvaluatedKey" in page for page in (first, second)]
    return [numbers(first["Items"]), ends[0], numbers(second["Items"]), ends[1]]


@scenario("dynamodb", QUERY, [[2, 10], 2, 3])
def a_filter_is_applied_to_what_a_query_found(world):
    values = OF_SHOP["ExpressionAttributeValues"] | {":t": {"BOOL": True}}
    given = {"FilterExpression": "even = :t", "ExpressionAttributeValues": values}
    answer = query(builds(world), **given)
    return [numbers(answer["Items"]), answer["Count"], answer["ScannedCount"]]


@scenario("dynamodb", QUERY, {"<": [1], ">=": [2, 10], "BETWEEN": [2]})
def a_query_asks_for_a_range_of_the_sort_key(world):
    table = builds(world)
    ranges = {"<": "build < :a", ">=": "build >= :a", "BETWEEN": "build BETWEEN :a AND :b"}
    told = {}
    for name, condition in ranges.items():
        values = OF_SHOP["ExpressionAttributeValues"] | {":a": {"N": "2"}}
        values |= {":b": {"N": "9"}} if ":b" in condition else {}
        given = {"KeyConditionExpression": f"#k = :k AND {condition}"}
        told[name] = numbers(query(table, **given, ExpressionAttributeValues=values)["Items"])
    return told


@scenario("dynamodb", QUERY, [3, None])
def a_query_may_count_alone(world):
    answer = query(builds(world), Select="COUNT")
    return [answer["Count"], answer.get("Items")]


@scenario("dynamodb", QUERY, "ValidationException")
def a_query_needs_the_hash_key_to_be_equal(world):
    table = builds(world)
    return word(table.call, table.api.query, **OF_SHOP | {"KeyConditionExpression": "#k > :k"})


@scenario("dynamodb", SCAN, [4, 4])
def a_scan_gives_every_item_once_over_all_its_pages(world):
    table = builds(world)
    scan = lambda **given: table.call(table.api.scan, **given)
    found = all_pages(scan, "Items", "ExclusiveStartKey", "LastEvaluatedKey", Limit=3)
    return [
        sum(sizes(found)),
        len({tuple(numbers(page)) for page in found for page in [[one] for one in page]}),
    ]


@scenario("dynamodb", pages.dynamodb("GetItem"), [["color"], ["SHA"]])
def a_projection_gives_what_it_names_alone(world):
    tags = {"M": {"SHA": {"S": "2b7f1c9"}, "team": {"S": "shop"}}}
    table = world.item(color={"S": "blue"}, tags=tags)
    project = lambda expression: table.get(ProjectionExpression=expression)
    return [sorted(project("color")), sorted(project("tags.SHA")["tags"]["M"])]


@scenario("dynamodb", pages.dynamodb("BatchGetItem"), [2, 0])
def a_batch_gives_the_items_that_are_there(world):
    table = world.item(color={"S": "blue"})
    table.put("till")
    keys = [{"key": {"S": name}} for name in ("shop", "till", "nobody")]
    answer = world.api.batch_get_item(RequestItems={table.name: {"Keys": keys}})
    return [len(answer["Responses"][table.name]), len(answer["UnprocessedKeys"])]


@scenario("dynamodb", pages.dynamodb("BatchGetItem"), ["done", "ValidationException"])
def a_batch_has_room_for_100_keys(world):
    table = world.table()
    keys = [{"key": {"S": str(number)}} for number in range(101)]
    get = lambda count: {"RequestItems": {table.name: {"Keys": keys[:count]}}}
    return [word(world.api.batch_get_item, **get(count)) for count in (100, 101)]
