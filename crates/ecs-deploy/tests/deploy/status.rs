//! The state of an app, as it is told while deploys come and go.

use std::collections::BTreeMap;

use ecs_deploy::Mode;
use ecs_deploy::cloud::{ErrorClass, TaskSetStatus};
use ecs_deploy::names::Color;
use ecs_deploy::status::{self, AppStatus, DeployedSet, Depth, LockState, Place, StatusError};
use ecs_deploy::steps::Step;
use serde_json::{Value, json};
use tokio::time::{Duration, Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::support::faults::{Call, Fault};
use crate::support::row::{go_status, held_by_nobody, released};
use crate::support::world::{KEY, World};

impl World {
    pub(crate) fn place(&self) -> Place {
        Place { target: self.target.clone(), cloud: self.ports() }
    }

    async fn app(&self, depth: Depth) -> Result<AppStatus, Vec<StatusError>> {
        let (places, cancel) = ([self.place()], CancellationToken::new());
        let (runtime, events) = (self.runtime(), &*self.events);
        status::app(&self.target.app, &places, depth, &runtime, events, &cancel).await
    }

    pub(crate) async fn told(&self) -> AppStatus {
        self.app(Depth::Full).await.expect("it can be read")
    }

    /// Gives a set the tags that a deploy of a build would have given it.
    pub(crate) fn tag_set(&self, number: u8, build: &str) {
        let mut model = self.cloud.model();
        let set = model.service.sets.iter_mut().find(|set| set.number == number).expect("a set");
        let tag = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        set.tags =
            BTreeMap::from([tag("artifact-build-number", build), tag("config-sha", "0f0f0f0f")]);
    }
}

fn image(set: Option<&DeployedSet>) -> Option<&str> {
    set?.artifact.as_ref().map(|artifact| artifact.value.as_str())
}

#[tokio::test(start_paused = true)]
async fn what_serves_and_what_served_before_are_told_by_their_tags() {
    let world = World::serving();
    world.tag_set(1, "6");
    world.deploy("one").await.expect("it succeeds");
    let status = world.told().await;
    let environment = &status.environments[0];
    let traffic = &environment.traffic;
    assert_eq!(traffic.serving_color, Color::Blue);
    assert_eq!(image(traffic.serving.as_ref()), Some("shop:one"));
    assert_eq!(image(traffic.swapped.as_ref()), Some("shop:six"));
    let serving = traffic.serving.as_ref().unwrap();
    assert_eq!(serving.config_sha.as_deref(), Some("1a2b3c4d"));
    assert_eq!((serving.status, serving.running), (TaskSetStatus::Primary, 2));
    assert_eq!(serving.task_definition, "shop-dev:1");
    assert_eq!(traffic.colors.blue.targets.unwrap().healthy, 2);
    assert_eq!((environment.deploying.as_ref(), traffic.others.len()), (None, 0));
    assert_eq!(environment.lock.as_ref().unwrap().state, LockState::Free);
}

#[tokio::test(start_paused = true)]
async fn a_set_without_tags_or_of_a_build_that_is_gone_is_told_without_them() {
    let world = World::serving();
    let told = world.told().await;
    let serving = told.environments[0].traffic.serving.clone().unwrap();
    assert_eq!((serving.build_number, serving.artifact, serving.config_sha), (None, None, None));
    world.tag_set(1, "99");
    let told = world.told().await;
    let serving = told.environments[0].traffic.serving.clone().unwrap();
    assert_eq!(serving.build_number.unwrap().0, 99);
    assert_eq!(serving.artifact, None);
}

#[tokio::test(start_paused = true)]
async fn of_several_sets_on_a_color_the_primary_one_stands_for_it() {
    let world = World::new();
    let old = world.add_set("shop:old", Color::Green, TaskSetStatus::Active);
    let new = world.add_set("shop:new", Color::Green, TaskSetStatus::Primary);
    let told = world.told().await;
    let traffic = &told.environments[0].traffic;
    assert_eq!(traffic.serving.as_ref().unwrap().id.as_str(), format!("ecs-svc/{new}"));
    assert!(traffic.swapped.is_none());
    assert_eq!(traffic.others[0].id.as_str(), format!("ecs-svc/{old}"));
}

#[tokio::test(start_paused = true)]
async fn an_environment_in_which_nothing_runs_is_told_as_such() {
    let world = World::new();
    let told = world.told().await;
    let traffic = &told.environments[0].traffic;
    assert!(traffic.serving.is_none() && traffic.swapped.is_none());
    assert_eq!((traffic.serving_color, traffic.desired_count), (Color::Green, 2));
}

#[tokio::test(start_paused = true)]
async fn the_latest_build_is_the_newest_one_for_automated_deploys() {
    let world = World::serving();
    assert_eq!(world.told().await.latest, None);
    for (build, value) in [(0, "true"), (1, "true"), (2, "false")] {
        let tags = &mut world.cloud.model().artifacts[build].tags;
        tags.insert("ForAutomatedDeploy".into(), value.into());
    }
    assert_eq!(world.told().await.latest.unwrap().value, "shop:two");
}

#[tokio::test(start_paused = true)]
async fn a_deploy_under_way_is_told_with_its_step_and_that_it_lives() {
    let world = World::serving();
    let looker = world.of_another("bob");
    let look = async {
        sleep(Duration::from_secs(3)).await;
        let begun = Instant::now();
        (looker.told().await, begun.elapsed())
    };
    let (deployed, (told, took)) = tokio::join!(world.deploy("one"), look);
    deployed.expect("it is not disturbed");
    let environment = &told.environments[0];
    let deploying = environment.deploying.as_ref().expect("a deploy");
    assert_eq!((deploying.step, deploying.artifact.value.as_str()), (Step::Rollout, "shop:one"));
    assert_eq!(deploying.by.as_ref().unwrap().user, "ann");
    assert_eq!(environment.lock.as_ref().unwrap().state, LockState::Held);
    assert!(took < Duration::from_secs(3), "a sign of life comes each second: {took:?}");
}

#[tokio::test(start_paused = true)]
async fn a_look_changes_nothing() {
    let world = World::serving();
    world.run_until_crash(&world.order("one", Mode::Fresh), 9).await;
    let (row, changes) = (world.row(), world.cloud.model().changes.len());
    world.told().await;
    assert_eq!(world.row(), row);
    assert_eq!(world.cloud.model().changes.len(), changes);
}

#[tokio::test(start_paused = true)]
async fn as_the_original_a_deploy_that_is_not_done_is_in_progress_whatever_the_lock_says() {
    let world = World::serving();
    for (item, in_progress) in [
        (released(&go_status(6, "blue", "").to_string()), true),
        (held_by_nobody(&go_status(6, "blue", "").to_string()), true),
        (held_by_nobody(&done().to_string()), false),
    ] {
        world.locks.put_row(KEY, item);
        let told = world.app(Depth::Original).await.unwrap();
        assert_eq!(told.environments[0].deploying.is_some(), in_progress);
    }
}

fn done() -> Value {
    let mut status = go_status(13, "blue", "ecs-svc/1");
    status["Done"] = json!(true);
    status
}

#[tokio::test(start_paused = true)]
async fn as_the_original_it_reads_no_health_and_watches_no_lock() {
    let world = World::serving();
    world.cloud.faults.always(Call::Health, Fault::Refuse(ErrorClass::Denied));
    world.locks.put_row(KEY, held_by_nobody(&go_status(6, "blue", "").to_string()));
    let begun = Instant::now();
    let told = world.app(Depth::Original).await.unwrap();
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    assert_eq!(world.cloud.faults.count(Call::Health), 0);
    assert!(told.environments[0].lock.is_none());
    assert_eq!(world.events.warnings(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn health_that_may_not_be_read_is_left_out_with_a_warning() {
    let world = World::serving();
    world.cloud.faults.always(Call::Health, Fault::Refuse(ErrorClass::Denied));
    let told = world.told().await;
    assert!(told.environments[0].traffic.colors.green.targets.is_none());
    let warnings = world.events.warnings();
    assert_eq!(warnings.len(), 1, "it is said once: {warnings:?}");
    assert!(warnings[0].contains("elasticloadbalancing:DescribeTargetHealth"));
}

#[tokio::test(start_paused = true)]
async fn a_read_that_fails_in_passing_is_made_again() {
    let world = World::serving();
    world.cloud.faults.plan(Call::Service, 1..=2, Fault::Refuse(ErrorClass::Throttled));
    world.told().await;
    assert_eq!(world.events.retries(), 2);
}

#[tokio::test(start_paused = true)]
async fn environments_are_read_at_the_same_time() {
    let world = World::serving();
    let took = async |places: &[Place]| {
        let (runtime, app, begun) = (world.runtime(), &world.target.app, Instant::now());
        let (depth, cancel) = (Depth::Original, CancellationToken::new());
        let told = status::app(app, places, depth, &runtime, &*world.events, &cancel).await;
        assert_eq!(told.expect("it can be read").environments.len(), places.len());
        begun.elapsed()
    };
    let alone = took(&[world.place()]).await;
    assert!(alone > Duration::ZERO);
    assert_eq!(took(&[world.place(), world.place(), world.place()]).await, alone);
}

#[tokio::test(start_paused = true)]
async fn the_errors_of_all_environments_are_told_together() {
    let world = World::serving();
    world.cloud.faults.always(Call::Service, Fault::Refuse(ErrorClass::Unknown));
    world.cloud.faults.always(Call::LatestArtifact, Fault::Refuse(ErrorClass::Denied));
    let (places, cancel) = ([world.place(), world.place()], CancellationToken::new());
    let (runtime, app) = (world.runtime(), &world.target.app);
    let told = status::app(app, &places, Depth::Full, &runtime, &*world.events, &cancel).await;
    let errors: Vec<String> = told.unwrap_err().iter().map(ToString::to_string).collect();
    let expected = ["shop", "dev", "dev"].map(|what| format!("can't tell the state of {what}"));
    assert_eq!(errors, expected);
}

#[tokio::test(start_paused = true)]
async fn credentials_of_another_account_are_refused() {
    let world = World::serving();
    world.cloud.model().deploy_account = "999999999999".parse().unwrap();
    let errors = world.app(Depth::Full).await.unwrap_err();
    let told = errors[0].error.to_string();
    assert!(told.starts_with("the credentials are of account 999999999999, and ECS"), "{told}");
}

#[tokio::test(start_paused = true)]
async fn as_data_it_has_these_members() {
    let world = World::serving();
    world.tag_set(1, "1");
    world.locks.put_row(KEY, released(&done().to_string()));
    let one = json!({"BuildNumber": 1, "Value": "shop:one", "Tags": {"SHA": "one"}});
    let targets = |count: u32| json!({"Healthy": count, "Registered": count});
    let expected = json!({
        "Schema": 1,
        "App": "shop",
        "Latest": null,
        "Environments": [{
            "Environment": "dev",
            "Traffic": {
                "ServingColor": "green",
                "DesiredCount": 2,
                "Serving": {
                    "ID": "ecs-svc/1", "Color": "green", "Status": "PRIMARY",
                    "BuildNumber": 1, "Artifact": one, "ConfigSHA": "0f0f0f0f",
                    "TaskDefinition": "shop-dev:900", "Running": 2, "Pending": 0, "Desired": 2
                },
                "Swapped": null,
                "Others": [],
                "Colors": {
                    "blue": {"Priority": 12, "Targets": targets(0)},
                    "green": {"Priority": 11, "Targets": targets(2)}
                }
            },
            "Deploying": null,
            "Lock": {
                "Key": "shop-dev", "Region": "us-east-1", "State": "Free", "Owner": "go-program",
                "LeaseSeconds": 10.0, "Problem": null, "Next": "Deploy",
                "Deploy": {
                    "Artifact": one, "ConfigSHA": "1a2b3c4d", "Step": 13, "NewColor": "blue",
                    "NewTaskSetID": "ecs-svc/1", "Done": true, "RolledBackTo": null, "Settled": true,
                    "DeployID": null, "By": null, "Since": null, "Failure": null
                }
            }
        }]
    });
    assert_eq!(serde_json::to_value(world.told().await).unwrap(), expected);
}
