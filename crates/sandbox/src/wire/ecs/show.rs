//! How the resources of ECS look in its answers.

use serde_json::{Map, Value, json};

use crate::model::Time;
use crate::model::ecs::{
    Cluster, Container, Counts, Event, Phase, Service, ServiceStatus, Task, TaskDefinition,
    TaskSet, Template,
};

/// An object without the members that have no value: AWS leaves them out.
fn present<const N: usize>(members: [(&str, Value); N]) -> Map<String, Value> {
    let members = members.into_iter().filter(|(_, value)| !value.is_null());
    members.map(|(name, value)| (name.to_owned(), value)).collect()
}

fn moment(time: Option<Time>) -> Value {
    time.map_or(Value::Null, |time| time.epoch_seconds().into())
}

pub(super) fn cluster(cluster: &Cluster) -> Value {
    let counts = Counts::of(cluster.tasks());
    let active = cluster.services().filter(|service| service.status == ServiceStatus::Active);
    json!({
        "clusterArn": cluster.arn,
        "clusterName": cluster.name,
        "status": "ACTIVE",
        "registeredContainerInstancesCount": 0,
        "runningTasksCount": counts.running,
        "pendingTasksCount": counts.pending,
        "activeServicesCount": active.count(),
    })
}

pub(super) fn service(cluster: &Cluster, service: &Service) -> Value {
    let tasks = cluster.tasks().filter(|task| task.service == service.name);
    let counts = Counts::of(tasks);
    let sets = service.task_sets.iter().map(|set| task_set(cluster, service, set));
    let mut shown = service.template.as_ref().map(template).unwrap_or_default();
    shown.entry("loadBalancers").or_insert_with(|| json!([]));
    shown.extend(present([
        ("serviceArn", json!(service.arn)),
        ("serviceName", json!(service.name)),
        ("clusterArn", json!(cluster.arn)),
        ("status", json!(service.status.as_str())),
        ("schedulingStrategy", json!("REPLICA")),
        ("deploymentController", json!({"type": service.controller})),
        ("desiredCount", json!(service.desired_count)),
        ("runningCount", json!(counts.running)),
        ("pendingCount", json!(counts.pending)),
        ("healthCheckGracePeriodSeconds", json!(service.grace.as_secs())),
        ("deployments", json!([])),
        ("taskSets", sets.collect()),
        ("events", service.events().map(event).collect()),
        ("createdAt", moment(Some(service.created_at))),
    ]));
    Value::Object(shown)
}

fn event(event: &Event) -> Value {
    json!({
        "id": event.id,
        "createdAt": event.created_at.epoch_seconds(),
        "message": event.message,
    })
}

/// The members that a service has in common with its PRIMARY task set.
fn template(template: &Template) -> Map<String, Value> {
    let balancers: Vec<_> = template.load_balancer.iter().collect();
    let strategy = &template.capacity_provider_strategy;
    present([
        ("taskDefinition", json!(template.task_definition)),
        ("launchType", json!(template.launch_type)),
        (
            "capacityProviderStrategy",
            if strategy.is_empty() { Value::Null } else { json!(strategy) },
        ),
        ("platformVersion", json!(template.platform_version)),
        ("networkConfiguration", json!(template.network)),
        ("loadBalancers", json!(balancers)),
        ("serviceRegistries", json!(template.service_registries)),
    ])
}

pub(super) fn task_set(cluster: &Cluster, service: &Service, set: &TaskSet) -> Value {
    let counts = cluster.counts(&set.id);
    let mut shown = template(&set.template);
    shown.extend(present([
        ("id", json!(set.id)),
        ("taskSetArn", json!(set.arn)),
        ("serviceArn", json!(service.arn)),
        ("clusterArn", json!(cluster.arn)),
        ("externalId", json!(set.external_id())),
        ("status", json!(set.status.as_str())),
        ("computedDesiredCount", json!(set.computed_desired)),
        ("pendingCount", json!(counts.pending)),
        ("runningCount", json!(counts.running)),
        ("createdAt", moment(Some(set.created_at))),
        ("updatedAt", moment(Some(set.updated_at))),
        ("scale", json!(set.scale)),
        ("stabilityStatus", json!(set.stability.as_str())),
        ("stabilityStatusAt", moment(Some(set.stability_at))),
    ]));
    Value::Object(shown)
}

pub(super) fn task_definition(definition: &TaskDefinition) -> Value {
    let mut shown = definition.registered.members.clone();
    shown.entry("volumes").or_insert_with(|| json!([]));
    shown.entry("placementConstraints").or_insert_with(|| json!([]));
    shown.extend(present([
        ("taskDefinitionArn", json!(definition.arn)),
        ("revision", json!(definition.revision)),
        ("status", json!(definition.status.as_str())),
        ("compatibilities", json!(definition.compatibilities())),
        ("registeredAt", moment(Some(definition.registered_at))),
        ("deregisteredAt", moment(definition.deregistered_at)),
    ]));
    Value::Object(shown)
}

pub(super) fn task(cluster: &Cluster, task: &Task) -> Value {
    let stop = task.stop.as_ref();
    let shown = present([
        ("taskArn", json!(task.arn)),
        ("clusterArn", json!(cluster.arn)),
        ("taskDefinitionArn", json!(task.task_definition)),
        ("group", json!(format!("service:{}", task.service))),
        ("startedBy", json!(task.started_by)),
        ("launchType", json!(task.launch_type)),
        ("capacityProviderName", json!(task.capacity_provider)),
        ("lastStatus", json!(task.phase.as_str())),
        ("desiredStatus", json!(if task.should_run() { "RUNNING" } else { "STOPPED" })),
        // No container health check is ever run here.
        ("healthStatus", json!("UNKNOWN")),
        ("stopCode", json!(stop.map(|stop| stop.code.as_str()))),
        ("stoppedReason", json!(stop.map(|stop| &stop.reason))),
        ("createdAt", moment(Some(task.created_at))),
        ("startedAt", moment(task.started_at)),
        ("stoppingAt", moment(task.stopping_at)),
        ("executionStoppedAt", moment(task.execution_stopped_at)),
        ("stoppedAt", moment(task.stopped_at)),
        ("attachments", json!([attachment(task)])),
        ("containers", task.containers.iter().map(|it| container(task, it)).collect()),
    ]);
    Value::Object(shown)
}

fn attachment(task: &Task) -> Value {
    let status = match task.phase {
        Phase::Provisioning => "PRECREATED",
        Phase::Deprovisioning => "DETACHING",
        Phase::Stopped => "DELETED",
        _ => "ATTACHED",
    };
    let mut details = vec![
        json!({"name": "networkInterfaceId", "value": format!("eni-{}", &task.id[..17])}),
        json!({"name": "privateIPv4Address", "value": task.ip()}),
    ];
    if let Some(subnet) = &task.subnet {
        details.insert(0, json!({"name": "subnetId", "value": subnet}));
    }
    json!({
        "id": task.id,
        "type": "ElasticNetworkInterface",
        "status": status,
        "details": details,
    })
}

fn container(task: &Task, container: &Container) -> Value {
    let status = match task.phase {
        Phase::Provisioning | Phase::Pending => "PENDING",
        Phase::Deprovisioning | Phase::Stopped => "STOPPED",
        _ if container.exit_code.is_some() => "STOPPED",
        _ => "RUNNING",
    };
    let interface = json!({"attachmentId": task.id, "privateIpv4Address": task.ip()});
    let shown = present([
        (
            "containerArn",
            json!(format!("{}/{}", task.arn, container.name).replacen(":task/", ":container/", 1)),
        ),
        ("taskArn", json!(task.arn)),
        ("name", json!(container.name)),
        ("image", json!(container.image)),
        ("lastStatus", json!(status)),
        ("healthStatus", json!("UNKNOWN")),
        ("exitCode", json!(container.exit_code)),
        ("reason", json!(container.reason)),
        ("networkInterfaces", json!([interface])),
    ]);
    Value::Object(shown)
}
