"""The tasks of task sets: how they are listed, and what is told of their ends."""

from .. import pages
from ..answers import pages as all_pages
from ..answers import sizes, verdict, word
from ..scenario import scenario
from ..worlds.ecs import ENDS, MISSING, reasons
from ..worlds.names import fresh

LIST = pages.ecs("ListTasks")
DESCRIBE = pages.ecs("DescribeTasks")
TASK = pages.ecs("Task")


class Running:
    """A service whose task set has two running tasks."""

    def __init__(self, world):
        self.world = world
        self.family = fresh("family")
        self.service = world.service(desired=2)
        definition = world.task_definition(family=self.family)
        self.task_set = self.service.make(100.0, definition)["id"]
        world.soon(lambda: self.service.shows(self.task_set, "runningCount"), [2])
        self.tasks = self.service.tasks()

    def listed(self, **given):
        """How many tasks a filter lets through."""
        return len(self.world.api.list_tasks(cluster=self.world.name, **given)["taskArns"])


@scenario("ecs", LIST, 2)
def tasks_are_listed_by_service(world):
    running = Running(world)
    return running.listed(serviceName=running.service.name)


@scenario("ecs", LIST, 2)
def tasks_are_listed_by_the_task_set_that_started_them(world):
    running = Running(world)
    return running.listed(startedBy=running.task_set)


@scenario("ecs", LIST, "refused")
def who_started_tasks_is_a_filter_that_takes_no_other_beside_it(world):
    service = world.service()
    given = {"cluster": world.name, "startedBy": "ecs-svc/1", "serviceName": service.name}
    return verdict(world.api.list_tasks, **given)


@scenario("ecs", LIST, [2, 0])
def tasks_are_listed_by_family(world):
    running = Running(world)
    return [running.listed(family=running.family), running.listed(family="nobody")]


@scenario("ecs", LIST, [2, 0, 0])
def tasks_that_run_are_listed_and_by_default_no_others(world):
    running = Running(world)
    name = running.service.name
    by_status = [running.listed(serviceName=name, desiredStatus=s) for s in ("PENDING", "STOPPED")]
    return [running.listed(serviceName=name), *by_status]


@scenario("ecs", LIST, [[1, 1], 2])
def tasks_are_listed_page_by_page(world):
    given = {"cluster": world.name, "serviceName": Running(world).service.name, "maxResults": 1}
    found = all_pages(world.api.list_tasks, "taskArns", "nextToken", "nextToken", **given)
    return [sizes(found), len({arn for page in found for arn in page})]


@scenario("ecs", LIST, ["ServiceNotFoundException", "ClusterNotFoundException"])
def tasks_of_an_unknown_service_or_cluster_are_an_error(world):
    list_tasks = world.api.list_tasks
    return [
        word(list_tasks, cluster=world.name, serviceName="nobody"),
        word(list_tasks, cluster="nowhere"),
    ]


@scenario("ecs", TASK, ["RUNNING", "RUNNING", True, True])
def a_task_tells_its_state_its_task_set_and_its_service(world):
    running = Running(world)
    task = running.service.task(running.tasks[0])
    started = task.get("startedBy") == running.task_set
    grouped = task.get("group") == f"service:{running.service.name}"
    return [task["lastStatus"], task["desiredStatus"], started, grouped]


@scenario("ecs", pages.ECS_FAILURES, [0, ["MISSING"]])
def an_unknown_task_is_a_failure_in_the_answer(world):
    answer = world.api.describe_tasks(cluster=world.name, tasks=["0" * 32])
    return [len(answer["tasks"]), reasons(answer)]


@scenario("ecs", DESCRIBE, ["done", "refused"])
def a_hundred_tasks_are_described_in_one_call(world):
    describe = world.api.describe_tasks
    tasks = [f"{number:032}" for number in range(101)]
    return [verdict(describe, cluster=world.name, tasks=tasks[:count]) for count in (100, 101)]


@scenario("ecs", TASK, ["STOPPED", "UserInitiated", "not needed"])
def a_task_that_was_stopped_tells_who_did_it_and_why(world):
    running = Running(world)
    task = running.tasks[0]
    world.api.stop_task(cluster=world.name, task=task, reason="not needed")
    look = lambda: [running.service.task(task).get(name) for name in ENDED]
    return world.soon(look, ["STOPPED", "UserInitiated", "not needed"])


ENDED = ("lastStatus", "stopCode", "stoppedReason")


def first_end(world, image):
    """The stop code of the first task of an image that does not go on, and its exit code."""
    service = world.service(desired=1)
    service.make(100.0, world.task_definition(image))
    stopped = lambda: service.tasks(desiredStatus="STOPPED")[:1]
    world.soon(lambda: len(stopped()), 1)
    ended = [service.task(arn) for arn in stopped()]
    return [[one.get("stopCode"), one["containers"][0].get("exitCode")] for one in ended]


@scenario("ecs", TASK, [["EssentialContainerExited", 0]])
def a_task_whose_container_ended_tells_so_with_the_exit_code(world):
    return first_end(world, ENDS)


@scenario("ecs", TASK, [["TaskFailedToStart", None]])
def a_task_without_its_image_failed_to_start(world):
    return first_end(world, MISSING)
