//! What `CreateTaskSet` takes beside what a deploy decides.

use super::Members;
use super::Shape::{self, Elsewhere, Integer, List, Struct, Text};

/// `assignPublicIp` is a member of `networkConfiguration` in the call itself: the only one that the
/// rest of a config can't say.
pub(in crate::config) const TASK_SET: Shape = Struct(&[
    ("platformVersion", Text),
    ("capacityProviderStrategy", List(&Struct(CAPACITY_PROVIDER))),
    ("assignPublicIp", Text),
    ("serviceRegistries", List(&Struct(SERVICE_REGISTRY))),
    ("cluster", Elsewhere("it is the environment's `Cluster`")),
    ("service", Elsewhere("the environment's `Family` is the service's name")),
    ("taskDefinition", Elsewhere("it is the revision that the deploy registers")),
    ("loadBalancers", Elsewhere("they follow from the environment's `TargetGroupARNs`")),
    ("networkConfiguration", Elsewhere(NETWORK)),
    ("launchType", Elsewhere("it is FARGATE, unless `CapacityProviderStrategy` takes its place")),
    ("scale", Elsewhere("a new task set always has 100 %")),
    ("externalId", Elsewhere("a deploy finds its task set by it")),
    ("clientToken", Elsewhere("a deploy sets it")),
    ("tags", Elsewhere("a deploy sets the tags, which name its config and its build")),
]);

const NETWORK: &str = "it is the environment's `Subnets` and `SecurityGroups`, and \
                       `AssignPublicIp` here";

const CAPACITY_PROVIDER: Members =
    &[("capacityProvider", Text), ("weight", Integer), ("base", Integer)];

const SERVICE_REGISTRY: Members = &[
    ("registryArn", Text),
    ("port", Integer),
    ("containerName", Text),
    ("containerPort", Integer),
];
