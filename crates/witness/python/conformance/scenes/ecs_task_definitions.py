"""Task definitions: families, revisions, and the order in which they are listed."""

from .. import pages
from ..answers import pages as all_pages
from ..answers import sizes, verdict, word
from ..scenario import scenario
from ..worlds.names import fresh

LIST = pages.ecs("ListTaskDefinitions")
DESCRIBE = pages.ecs("DescribeTaskDefinition")
DEREGISTER = pages.ecs("DeregisterTaskDefinition")
REGISTER = pages.ecs("RegisterTaskDefinition")
TAGS = [{"key": "team", "value": "shop"}]


class Family:
    def __init__(self, world, revisions):
        self.api, self.name = world.api, fresh("family")
        self._world = world
        self.arns = [self.register() for _ in range(revisions)]

    def register(self, **more):
        return self._world.task_definition(family=self.name, **more)

    def listed(self, **more):
        answer = self.api.list_task_definitions(familyPrefix=self.name, **more)
        return [revision(arn) for arn in answer["taskDefinitionArns"]]

    def latest(self):
        answer = self.api.describe_task_definition(taskDefinition=self.name)
        return answer["taskDefinition"]["revision"]


def revision(arn):
    return int(arn.split(":")[-1])


@scenario("ecs", pages.ecs("TaskDefinition"), [1, 2, 3])
def revisions_of_a_family_count_up_from_1(world):
    return [revision(arn) for arn in Family(world, 3).arns]


@scenario("ecs", pages.ecs("TaskDefinition"), 3)
def the_number_of_a_deregistered_revision_is_not_given_again(world):
    family = Family(world, 2)
    world.api.deregister_task_definition(taskDefinition=family.arns[1])
    return revision(family.register())


@scenario("ecs", DESCRIBE, 2)
def a_family_means_its_latest_revision(world):
    return Family(world, 2).latest()


@scenario("ecs", DESCRIBE, 1)
def a_family_means_its_latest_active_revision(world):
    family = Family(world, 2)
    world.api.deregister_task_definition(taskDefinition=family.arns[1])
    return family.latest()


@scenario("ecs", DESCRIBE, "ClientException")
def an_unknown_family_is_an_error(world):
    return word(world.api.describe_task_definition, taskDefinition="nobody")


@scenario("ecs", DESCRIBE, [None, TAGS])
def the_tags_of_a_task_definition_are_shown_only_when_asked_for(world):
    arn = world.task_definition(tags=TAGS)
    describe = lambda **more: world.api.describe_task_definition(taskDefinition=arn, **more)
    return [describe().get("tags"), describe(include=["TAGS"]).get("tags")]


@scenario("ecs", DEREGISTER, ["INACTIVE", [1]])
def a_deregistered_revision_is_inactive_and_no_longer_listed(world):
    family = Family(world, 2)
    answer = world.api.deregister_task_definition(taskDefinition=family.arns[1])
    return [answer["taskDefinition"]["status"], family.listed()]


@scenario("ecs", DEREGISTER, "ClientException")
def a_revision_has_to_be_named_to_be_deregistered(world):
    return word(world.api.deregister_task_definition, taskDefinition=Family(world, 1).name)


@scenario("ecs", LIST, list(range(1, 12)))
def revisions_are_listed_by_number_the_newest_last(world):
    return Family(world, 11).listed()


@scenario("ecs", LIST, list(range(11, 0, -1)))
def revisions_are_listed_the_newest_first_when_asked_for(world):
    return Family(world, 11).listed(sort="DESC")


@scenario("ecs", LIST, [[1, 3], [2]])
def revisions_are_listed_by_their_status(world):
    family = Family(world, 3)
    world.api.deregister_task_definition(taskDefinition=family.arns[1])
    return [family.listed(status=status) for status in ("ACTIVE", "INACTIVE")]


@scenario("ecs", LIST, 1)
def a_family_prefix_is_the_whole_name_of_a_family(world):
    family = Family(world, 1)
    world.task_definition(family=f"{family.name}-other")
    return len(family.listed())


@scenario("ecs", LIST, [[2, 1], 3])
def revisions_are_listed_page_by_page(world):
    given = {"familyPrefix": Family(world, 3).name, "maxResults": 2}
    call = world.api.list_task_definitions
    found = all_pages(call, "taskDefinitionArns", "nextToken", "nextToken", **given)
    return [sizes(found), len({arn for page in found for arn in page})]


@scenario("ecs", REGISTER, ["refused", "refused", "refused"])
def a_task_on_fargate_has_cpu_memory_and_a_network_that_fargate_knows(world):
    wrong = ({"cpu": "17"}, {"memory": "1"}, {"networkMode": "host"})
    return [verdict(world.task_definition, **given) for given in wrong]


@scenario("ecs", REGISTER, ["refused", "refused"])
def a_task_definition_has_a_family_name_of_letters_and_a_container(world):
    wrong = ({"family": "no such name!"}, {"containerDefinitions": []})
    return [verdict(world.task_definition, **given) for given in wrong]
