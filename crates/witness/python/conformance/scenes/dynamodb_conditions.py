"""Conditions: which items meet them, and what is told when one does not."""

from .. import pages
from ..answers import word
from ..scenario import scenario

PUT = pages.dynamodb("PutItem")
UPDATE = pages.dynamodb("UpdateItem")
ITEM = {
    "color": {"S": "blue"},
    "builds": {"N": "7"},
    "tags": {"M": {"SHA": {"S": "2b7f1c9"}}},
    "owners": {"SS": ["shop", "till"]},
}
VALUES = {
    ":blue": {"S": "blue"},
    ":green": {"S": "green"},
    ":b": {"S": "bl"},
    ":5": {"N": "5"},
    ":7": {"N": "7.0"},
    ":9": {"N": "9"},
    ":S": {"S": "S"},
    ":shop": {"S": "shop"},
    ":7s": {"S": "7"},
    ":sha": {"S": "2b7f1c9"},
}


def meets(table, condition):
    """Whether the item meets a condition: a change that leaves it as it is is done."""
    used = {name: value for name, value in VALUES.items() if name in condition.split()}
    given = {"ConditionExpression": condition, "UpdateExpression": "REMOVE nothing"}
    given |= {"ExpressionAttributeValues": used} if used else {}
    told = word(table.call, table.api.update_item, Key={"key": {"S": "shop"}}, **given)
    return {"done": True, "ConditionalCheckFailedException": False}.get(told, told)


def conditions(title, expected, page=pages.OPERATORS):
    """A scenario whose conditions are its expectation."""

    def observe(world):
        table = world.item(**ITEM)
        return {condition: meets(table, condition) for condition in expected}

    observe.__name__ = title
    scenario("dynamodb", page, expected)(observe)


conditions(
    "comparisons_are_by_value",
    {
        "color = :blue": True,
        "color <> :green": True,
        "color < :green": True,
        "builds = :7": True,
        "builds > :9": False,
        "builds >= :5": True,
        "builds BETWEEN :5 AND :9": True,
        "color IN ( :green , :blue )": True,
    },
)
conditions(
    "values_of_different_types_are_never_equal",
    {"builds = :7s": False, "builds <> :7s": True, "builds < :7s": False},
    page=pages.dynamodb("Condition"),
)
conditions(
    "functions_look_at_attributes",
    {
        "attribute_exists(color)": True,
        "attribute_not_exists(color)": False,
        "attribute_not_exists(nothing)": True,
        "attribute_type(color, :S )": True,
        "begins_with(color, :b )": True,
        "contains(color, :b )": True,
        "contains(owners, :shop )": True,
        "size(color) < :5": True,
    },
)
conditions(
    "paths_lead_into_maps",
    {"tags.SHA = :sha": True, "attribute_exists(tags.nothing)": False},
)
conditions(
    "an_attribute_that_is_not_there_meets_no_comparison",
    {"nothing = :blue": False, "nothing < :blue": False, "NOT nothing = :blue": True},
)
conditions(
    "not_goes_before_and_and_and_before_or",
    {
        "color = :blue OR color = :green AND builds = :5": True,
        "( color = :blue OR color = :green ) AND builds = :5": False,
        "NOT color = :green AND builds = :7": True,
        "NOT ( color = :blue AND builds = :7 )": False,
    },
)


@scenario("dynamodb", pages.OPERATORS, "ValidationException")
def the_names_of_functions_are_in_small_letters(world):
    return meets(world.item(**ITEM), "ATTRIBUTE_EXISTS(color)")


@scenario("dynamodb", pages.RESERVED_WORDS, "ValidationException")
def a_reserved_word_is_no_name_in_an_expression(world):
    return meets(world.item(data={"S": "x"}), "attribute_exists(data)")


@scenario("dynamodb", PUT, ["ConditionalCheckFailedException", {"color": {"S": "blue"}}])
def a_condition_that_fails_changes_nothing(world):
    table = world.item(color={"S": "blue"})
    more = {"ConditionExpression": "attribute_not_exists(color)"}
    return [word(table.put, "shop", _more=more, color={"S": "red"}), table.get()]


@scenario("dynamodb", PUT, {"key": {"S": "shop"}, "color": {"S": "blue"}})
def a_failed_condition_shows_the_item_when_asked_for(world):
    table = world.item(color={"S": "blue"})
    more = {
        "ConditionExpression": "attribute_not_exists(color)",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    try:
        table.put("shop", more)
    except table.api.exceptions.ConditionalCheckFailedException as error:
        return error.response.get("Item")


@scenario("dynamodb", UPDATE, ["ConditionalCheckFailedException", None])
def an_update_whose_condition_fails_makes_no_item(world):
    table = world.table()
    more = {"ConditionExpression": "attribute_exists(color)"}
    return [word(table.update, "SET color = :c", _more=more, c={"S": "x"}), table.get()]
