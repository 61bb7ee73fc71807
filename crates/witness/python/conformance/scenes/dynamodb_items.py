"""Items: how they are changed, what is given back, and what can't be stored."""

from .. import pages
from ..answers import verdict, word
from ..scenario import scenario

PUT = pages.dynamodb("PutItem")
UPDATE = pages.dynamodb("UpdateItem")
DELETE = pages.dynamodb("DeleteItem")
BLUE, GREEN = {"S": "blue"}, {"S": "green"}


@scenario("dynamodb", PUT, {"color": GREEN})
def a_put_replaces_the_whole_item(world):
    table = world.item(color=BLUE, builds={"N": "7"})
    table.put("shop", color=GREEN)
    return table.get()


@scenario("dynamodb", PUT, [None, {"key": {"S": "shop"}, "color": BLUE}])
def a_put_answers_with_the_old_item_when_asked_for(world):
    table = world.table()
    more = {"ReturnValues": "ALL_OLD"}
    return [table.put("shop", more, color=color).get("Attributes") for color in (BLUE, GREEN)]


@scenario("dynamodb", PUT, "ValidationException")
def a_put_has_no_new_values_to_answer_with(world):
    return word(world.table().put, "shop", _more={"ReturnValues": "ALL_NEW"})


@scenario("dynamodb", PUT, ["done", "ValidationException"])
def an_attribute_may_be_empty_and_a_key_may_not(world):
    table = world.table()
    return [word(table.put, "shop", note={"S": ""}), word(table.put, "")]


@scenario("dynamodb", PUT, "ValidationException")
def an_item_without_its_key_is_refused(world):
    table = world.table()
    return word(table.call, table.api.put_item, Item={"color": BLUE})


@scenario("dynamodb", PUT, ["ResourceNotFoundException"] * 3)
def items_of_an_unknown_table_are_an_error(world):
    key = {"TableName": "nobody", "Key": {"key": {"S": "shop"}}}
    return [
        word(world.api.put_item, TableName="nobody", Item=key["Key"]),
        word(world.api.get_item, **key),
        word(world.api.update_item, **key, UpdateExpression="REMOVE color"),
    ]


@scenario("dynamodb", pages.dynamodb("CreateTable"), "ResourceInUseException")
def a_table_is_not_made_twice(world):
    table = world.table()
    given = {
        "AttributeDefinitions": [{"AttributeName": "key", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "key", "KeyType": "HASH"}],
        "BillingMode": "PAY_PER_REQUEST",
    }
    return word(table.call, world.api.create_table, **given)


@scenario("dynamodb", UPDATE, {"color": BLUE})
def an_update_makes_the_item_that_is_not_there(world):
    table = world.table()
    table.update("SET color = :c", c=BLUE)
    return table.get()


def change(expression, before, expected, page=pages.UPDATES, **values):
    """What an update makes of an item."""

    def observe(world):
        table = world.item(**before)
        table.update(expression, **values)
        return table.get()

    observe.__name__ = f"an_update_by_“{expression}”".replace(" ", "_")
    scenario("dynamodb", page, expected)(observe)


LIST = {"L": [BLUE]}
change("SET n = n + :d", {"n": {"N": "7"}}, {"n": {"N": "8.5"}}, d={"N": "1.5"})
change("SET n = if_not_exists(n, :d)", {"n": {"N": "7"}}, {"n": {"N": "7"}}, d={"N": "1"})
change("SET n = if_not_exists(n, :e)", {}, {"n": {"N": "1"}}, e={"N": "1"})
change("SET l = list_append(l, :l)", {"l": LIST}, {"l": {"L": [BLUE, GREEN]}}, l={"L": [GREEN]})
change("SET m.SHA = :s", {"m": {"M": {}}}, {"m": {"M": {"SHA": BLUE}}}, s=BLUE)
change("REMOVE m.SHA", {"m": {"M": {"SHA": BLUE}}}, {"m": {"M": {}}})
change("REMOVE l[0]", {"l": {"L": [BLUE, GREEN]}}, {"l": {"L": [GREEN]}})
change("ADD n :one", {}, {"n": {"N": "1"}}, one={"N": "1"})
change("DELETE s :s", {"s": {"SS": ["a", "b"]}}, {"s": {"SS": ["b"]}}, s={"SS": ["a"]})
change("SET a = :a REMOVE b", {"b": BLUE}, {"a": GREEN}, a=GREEN)


@scenario(
    "dynamodb", UPDATE, {"ALL_NEW": ["blue", 1], "UPDATED_NEW": [None, 1], "UPDATED_OLD": [None, 0]}
)
def an_update_answers_with_the_values_that_are_asked_for(world):
    told = {}
    for wanted in ("ALL_NEW", "UPDATED_NEW", "UPDATED_OLD"):
        table = world.item(color=BLUE, n={"N": "0"})
        answer = table.update("SET n = :n", {"ReturnValues": wanted}, n={"N": "1"})["Attributes"]
        told[wanted] = [answer.get("color", {}).get("S"), int(answer["n"]["N"])]
    return told


@scenario("dynamodb", UPDATE, ["refused", {"color": BLUE}])
def a_key_is_never_updated(world):
    table = world.item(color=BLUE)
    names = {"ExpressionAttributeNames": {"#k": "key"}}
    told = verdict(table.update, "SET #k = :k", _more=names, k=GREEN)
    return [told, table.get()]


@scenario("dynamodb", pages.NONE_FOUND, ["ValidationException", {"m": BLUE}])
def a_path_through_an_attribute_that_is_no_map_is_refused(world):
    table = world.item(m=BLUE)
    return [word(table.update, "SET m.SHA = :s", s=BLUE), table.get()]


@scenario("dynamodb", DELETE, [{"key": {"S": "shop"}, "color": BLUE}, None, None])
def a_delete_answers_with_the_old_item_when_asked_for_and_may_be_repeated(world):
    table = world.item(color=BLUE)
    deleted = [table.delete(ReturnValues="ALL_OLD").get("Attributes") for _ in range(2)]
    return [*deleted, table.get()]


@scenario("dynamodb", pages.DATA_TYPES, ["7.5", "1" * 38])
def numbers_lose_the_zeros_that_say_nothing_and_keep_38_digits(world):
    given = ("007.50", "1" * 38)
    return [world.item(n={"N": number}).get()["n"]["N"] for number in given]


@scenario("dynamodb", pages.DATA_TYPES, ["refused", "refused", "refused"])
def a_number_of_39_digits_or_none_and_an_empty_set_are_refused(world):
    table = world.table()
    wrong = ({"N": "1" * 39}, {"N": "seven"}, {"SS": []})
    return [verdict(table.put, "shop", n=value) for value in wrong]


@scenario("dynamodb", pages.dynamodb("Quotas in Amazon DynamoDB"), ["done", "ValidationException"])
def an_item_has_room_for_400_kb(world):
    table = world.table()
    sizes = (400 * 1024 - len("keyshopdata"), 400 * 1024)
    return [word(table.put, "shop", data={"B": b"x" * size}) for size in sizes]
