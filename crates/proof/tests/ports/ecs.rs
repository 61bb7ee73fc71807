use std::time::Duration;

use ecs_deploy::cloud::{ErrorClass, ServiceRef, TaskSet, TaskSetStatus};
use ecs_deploy::names::{Color, TaskDefinitionArn, TaskSetId};
use ecs_deploy_sandbox::model::simulate::Behaviour;
use serde_json::json;

use super::Bench;

const TOKEN: &str = "6f0e4b52-7a8c-4c8f-9d3e-0123456789ab";

impl Bench {
    async fn registered(&self, image: &str) -> TaskDefinitionArn {
        let definition = self.shop.definition(image);
        self.cloud.ecs.register(&self.permit(), &definition).await.unwrap()
    }

    async fn created(&self, image: &str) -> TaskSet {
        let revision = self.registered(image).await;
        let set = self.shop.task_set(TOKEN, &revision, Color::Blue);
        self.cloud.ecs.create_task_set(&self.permit(), &self.shop.service(), &set).await.unwrap()
    }

    async fn find(&self, id: &TaskSetId) -> Option<TaskSet> {
        let service = self.cloud.ecs.service(&self.shop.service()).await.unwrap().unwrap();
        service.task_sets.into_iter().find(|set| set.id == *id)
    }
}

#[tokio::test(start_paused = true)]
async fn a_service_is_told_with_its_task_sets_and_a_missing_one_is_none() {
    let mut bench = Bench::new().await;
    let set = bench.shop.serve(&bench.world, "shop:1");
    bench.pass(30).await;
    let ecs = &bench.cloud.ecs;
    let service = ecs.service(&bench.shop.service()).await.unwrap().unwrap();
    assert_eq!(
        (service.status.as_str(), service.deployment_controller.as_str()),
        ("ACTIVE", "EXTERNAL")
    );
    assert_eq!((service.desired_count, service.task_sets.len()), (2, 1));
    let read = &service.task_sets[0];
    assert_eq!((&read.id, read.status), (&set, TaskSetStatus::Primary));
    assert_eq!((read.running, read.pending, read.steady), (2, 0, true));
    assert_eq!(read.target_groups, [bench.shop.group(Color::Green)]);
    assert!(!service.events.is_empty());
    for (cluster, name) in [("main", "shoe"), ("plain", "shop")] {
        let missing =
            ServiceRef { cluster: cluster.parse().unwrap(), service: name.parse().unwrap() };
        assert_eq!(ecs.service(&missing).await.unwrap(), None, "{cluster} {name}");
    }
}

#[tokio::test(start_paused = true)]
async fn every_member_of_a_container_definition_arrives() {
    let bench = Bench::new().await;
    let mut definition = bench.shop.definition("shop:2");
    let container = json!({
        "name": "web", "image": "shop:2", "essential": true, "cpu": 10, "stopTimeout": 7,
        "portMappings": [{"containerPort": 8080, "protocol": "tcp", "appProtocol": "http2"}],
        "environment": [{"name": "QUOTE", "value": "\"<\\>&\u{e9}"}],
        "secrets": [{"name": "KEY", "valueFrom": "key-parameter"}],
        "ulimits": [{"name": "nofile", "softLimit": 1024, "hardLimit": 4096}],
        "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-region": "us-east-1",
            "awslogs-group": "/ecs/shop", "awslogs-stream-prefix": "shop"}},
        "versionConsistency": "disabled"
    });
    definition.containers = vec![container.clone()];
    // Fargate reads secrets and writes logs in it.
    definition.execution_role = "ecs-execution".parse().unwrap();
    definition.tags.insert("artifact-build-number".to_owned(), "2".to_owned());
    let arn = bench.cloud.ecs.register(&bench.permit(), &definition).await.unwrap();
    let input = json!({"taskDefinition": arn.to_string()});
    let shown = bench.shop.ecs(&bench.world, "DescribeTaskDefinition", input);
    let shown = &shown["taskDefinition"]["containerDefinitions"][0];
    for (member, value) in container.as_object().unwrap() {
        assert!(holds(&shown[member], value), "{member}: {} instead of {value}", shown[member]);
    }
    let latest = bench.cloud.ecs.latest_task_definition(&definition.family).await.unwrap().unwrap();
    assert_eq!((latest.arn, latest.tags), (arn, definition.tags));
}

/// Whether a value is there: ECS adds members of its own to what it was given.
pub(crate) fn holds(shown: &serde_json::Value, given: &serde_json::Value) -> bool {
    match (shown, given) {
        (serde_json::Value::Object(shown), serde_json::Value::Object(given)) => given
            .iter()
            .all(|(name, value)| shown.get(name).is_some_and(|shown| holds(shown, value))),
        (serde_json::Value::Array(shown), serde_json::Value::Array(given)) => {
            shown.len() == given.len() && shown.iter().zip(given).all(|(s, g)| holds(s, g))
        }
        _ => shown == given,
    }
}

#[tokio::test(start_paused = true)]
async fn a_family_without_a_revision_has_no_latest_one() {
    let bench = Bench::new().await;
    let latest = bench.cloud.ecs.latest_task_definition(&"shoe".parse().unwrap()).await.unwrap();
    assert_eq!(latest, None);
}

#[tokio::test(start_paused = true)]
async fn a_definition_that_ecs_refuses_is_told_in_its_words() {
    let bench = Bench::new().await;
    let mut definition = bench.shop.definition("shop:2");
    definition.cpu = String::new();
    let error = bench.cloud.ecs.register(&bench.permit(), &definition).await.unwrap_err();
    assert_eq!(error.class, ErrorClass::Unknown);
    assert!(error.code.is_some() && error.class.is_certain(), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_task_set_is_created_once_per_token_and_found_by_it() {
    let mut bench = Bench::new().await;
    let first = bench.created("shop:2").await;
    assert_eq!(first.status, TaskSetStatus::Active);
    let again = bench.shop.task_set(TOKEN, &first.task_definition, Color::Blue);
    let (service, permit) = (bench.shop.service(), bench.permit());
    let second = bench.cloud.ecs.create_task_set(&permit, &service, &again).await.unwrap();
    assert_eq!(second.id, first.id);
    bench.pass(1).await;
    let read = bench.find(&first.id).await.unwrap();
    assert_eq!(read.external_id.as_deref(), Some(TOKEN));
    assert_eq!((read.scale, read.computed_desired), (100.0, 2));
    let tags = bench.cloud.ecs.task_set_tags(&first.arn).await.unwrap();
    assert_eq!(tags["artifact-build-number"], "1");
    assert_eq!(read.target_groups, [bench.shop.group(Color::Blue)]);
}

#[tokio::test(start_paused = true)]
async fn the_tags_of_a_task_set_can_be_read_alone() {
    let bench = Bench::new().await;
    let set = bench.created("shop:2").await;
    let tags = bench.cloud.ecs.task_set_tags(&set.arn).await.unwrap();
    assert_eq!(tags["artifact-build-number"], "1");
    let mut gone = set.arn.to_string();
    gone.push('0');
    let error = bench.cloud.ecs.task_set_tags(&gone.parse().unwrap()).await.unwrap_err();
    assert_eq!(error.action, "ecs:ListTagsForResource");
}

#[tokio::test(start_paused = true)]
async fn a_task_set_is_scaled_made_primary_and_deleted() {
    let mut bench = Bench::new().await;
    let old = bench.shop.serve(&bench.world, "shop:1");
    let new = bench.created("shop:2").await;
    bench.pass(30).await;
    let (ecs, service) = (bench.cloud.ecs.clone(), bench.shop.service());
    ecs.make_primary(&bench.permit(), &service, &new.id).await.unwrap();
    bench.pass(1).await;
    assert_eq!(bench.find(&new.id).await.unwrap().status, TaskSetStatus::Primary);
    ecs.scale(&bench.permit(), &service, &old, 0).await.unwrap();
    bench.pass(60).await;
    let scaled = bench.find(&old).await.unwrap();
    assert_eq!((scaled.status, scaled.running, scaled.scale), (TaskSetStatus::Active, 0, 0.0));
    ecs.delete(&bench.permit(), &service, &old).await.unwrap();
    bench.pass(60).await;
    assert!(bench.find(&old).await.is_none());
    let error = ecs.delete(&bench.permit(), &service, &old).await.unwrap_err();
    assert_eq!(error.class, ErrorClass::NotFound);
}

#[tokio::test(start_paused = true)]
async fn tasks_are_told_with_their_set_and_state() {
    let mut bench = Bench::new().await;
    let set = bench.shop.serve(&bench.world, "shop:1");
    bench.pass(30).await;
    let tasks = bench.cloud.ecs.tasks(&bench.shop.service()).await.unwrap();
    assert_eq!(tasks.len(), 2);
    for task in tasks {
        assert_eq!(task.started_by.as_deref(), Some(set.as_str()));
        assert_eq!((task.last_status.as_str(), task.addresses.len()), ("RUNNING", 1));
    }
}

#[tokio::test(start_paused = true)]
async fn stopped_tasks_of_a_set_tell_why_the_newest_first() {
    let mut bench = Bench::new().await;
    bench.shop.serve(&bench.world, "shop:1");
    let exits = Some((Duration::from_secs(1), 3));
    bench.world.behave("shop:bad", Behaviour { exits, ..Behaviour::default() });
    let new = bench.created("shop:bad").await;
    bench.pass(20).await;
    let ecs = &bench.cloud.ecs;
    let stopped = ecs.stopped_tasks(&bench.shop.service(), &new.id).await.unwrap();
    assert!(stopped.len() >= 2, "{stopped:?}");
    assert_eq!(stopped[0].stop_code.as_deref(), Some("EssentialContainerExited"));
    assert_eq!(stopped[0].containers[0].exit_code, Some(3));
}
