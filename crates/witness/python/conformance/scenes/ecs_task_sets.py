"""Task sets: what one is made of, and what is refused."""

from .. import pages
from ..answers import verdict, word
from ..scenario import scenario
from ..worlds.ecs import NO_TASK_SET, PERCENT, container
from ..worlds.names import fresh

CREATE = pages.ecs("CreateTaskSet")
TASK_SET = pages.ecs("TaskSet")
TOKEN = "8d4c1f6a-35e7-4b90-8d4c-1f6a35e7b902"
TAGS = [{"key": "team", "value": "shop"}]


@scenario("ecs", TASK_SET, ["ACTIVE", None])
def a_new_task_set_is_active_and_was_started_by_nobody(world):
    made = world.service().make()
    return [made["status"], made.get("startedBy")]


@scenario("ecs", CREATE, "build-7")
def the_external_id_of_a_task_set_is_shown(world):
    service = world.service()
    made = service.make(externalId="build-7")["id"]
    return service.soon(lambda: service.shows(made, "externalId"), ["build-7"])[0]


@scenario("ecs", CREATE, 2)
def two_task_sets_can_have_one_external_id(world):
    service = world.service()
    return len({service.make(externalId="build-7")["id"] for _ in range(2)})


@scenario("ecs", CREATE, [1, 1])
def a_client_token_answers_again_with_the_same_task_set(world):
    service = world.service()
    given = {"definition": world.task_definition(), "clientToken": TOKEN}
    ids = {service.make(**given)["id"] for _ in range(2)}
    return [len(ids), service.soon(lambda: len(service.seen()["taskSets"]), 1)]


@scenario("ecs", CREATE, ["done", "refused", "refused"])
def a_client_token_has_at_most_36_characters_and_no_blank(world):
    service = world.service()
    tokens = ("x" * 36, "x" * 37, "build 7")
    return [verdict(service.make, clientToken=token) for token in tokens]


@scenario("ecs", CREATE, "2")
def a_family_without_revision_means_the_latest_one(world):
    family = fresh("family")
    for _ in range(2):
        world.task_definition(family=family)
    made = world.service().make(definition=family)
    return made["taskDefinition"].split(":")[-1]


@scenario("ecs", CREATE, "refused")
def an_unknown_task_definition_is_refused(world):
    return verdict(world.service().make, definition="nobody:1")


@scenario("ecs", CREATE, "refused")
def a_launch_type_and_capacity_providers_exclude_each_other(world):
    strategy = [{"capacityProvider": "FARGATE", "weight": 1}]
    return verdict(world.service().make, capacityProviderStrategy=strategy)


@scenario("ecs", pages.ecs("ContainerDefinition"), "done")
def a_container_needs_no_memory_of_its_own_beside_the_tasks(world):
    bare = {name: value for name, value in container("web:1").items() if name != "memory"}
    definition = world.task_definition(containerDefinitions=[bare])
    return word(world.service().make, definition=definition)


@scenario("ecs", pages.ecs("Scale"), ["done", "refused", "refused"])
def a_scale_goes_from_0_to_100_percent(world):
    service = world.service()
    return [verdict(service.make, percent=percent) for percent in (100.0, 101.0, -1.0)]


@scenario("ecs", CREATE, ["ClusterNotFoundException", "ServiceNotFoundException"])
def a_task_set_needs_a_cluster_and_a_service(world):
    service = world.service()
    return [word(service.make, cluster="nowhere"), word(service.make, service="nobody")]


@scenario("ecs", CREATE, "ServiceNotActiveException")
def a_deleted_service_takes_no_task_set(world):
    service = world.service()
    world.api.delete_service(**service.given)
    return word(service.make)


@scenario("ecs", pages.NONE_FOUND, [5, "refused"])
def a_service_has_room_for_five_task_sets(world):
    service = world.service()
    definition = world.task_definition()
    made = {service.make(definition=definition)["id"] for _ in range(5)}
    return [len(made), verdict(service.make, definition=definition)]


@scenario("ecs", pages.NONE_FOUND, ["refused", "done"])
def the_target_group_of_a_task_set_has_to_be_in_a_rule(world):
    service = world.service()
    groups = (world.balancing.group(), world.balancing.used_group())
    balancer = {"containerName": "web", "containerPort": 8080}
    balancers = [[balancer | {"targetGroupArn": group}] for group in groups]
    return [verdict(service.make, loadBalancers=each) for each in balancers]


@scenario("ecs", pages.ecs("DescribeTaskSets"), [None, TAGS])
def the_tags_of_a_task_set_are_shown_only_when_asked_for(world):
    service = world.service()
    made = service.make(tags=TAGS)["id"]
    seen = lambda **more: [one.get("tags") for one in service.described(made, **more)["taskSets"]]
    tagged = service.soon(lambda: seen(include=["TAGS"]), [TAGS])
    return [*seen(), *tagged]


@scenario("ecs", pages.ecs("DescribeTaskSets"), [0, 1])
def an_unknown_task_set_is_a_failure_in_the_answer(world):
    answer = world.service().described(NO_TASK_SET)
    return [len(answer["taskSets"]), len(answer.get("failures", []))]


@scenario("ecs", pages.ecs("DescribeServices"), True)
def a_service_lists_its_task_sets(world):
    service = world.service()
    made = sorted(service.make()["id"] for _ in range(2))
    listed = lambda: sorted(one["id"] for one in service.seen()["taskSets"])
    return service.soon(listed, made) == made


@scenario("ecs", pages.ecs("UpdateTaskSet"), "TaskSetNotFoundException")
def an_unknown_task_set_can_not_be_scaled(world):
    return word(lambda: world.service().scale(NO_TASK_SET, 50.0))


@scenario("ecs", pages.ecs("UpdateServicePrimaryTaskSet"), "TaskSetNotFoundException")
def an_unknown_task_set_can_not_become_primary(world):
    return word(lambda: world.service().make_primary(NO_TASK_SET))


@scenario("ecs", pages.ecs("DeleteTaskSet"), "TaskSetNotFoundException")
def an_unknown_task_set_can_not_be_deleted(world):
    return word(lambda: world.service().delete(NO_TASK_SET))


@scenario(
    "ecs", pages.ecs("UpdateTaskSet"), ["ClusterNotFoundException", "ServiceNotFoundException"]
)
def scaling_needs_a_cluster_and_a_service(world):
    given = world.service().given | {"taskSet": NO_TASK_SET}
    given["scale"] = {"value": 50.0, "unit": PERCENT}
    update = world.api.update_task_set
    return [
        word(update, **given | {"cluster": "nowhere"}),
        word(update, **given | {"service": "x"}),
    ]
