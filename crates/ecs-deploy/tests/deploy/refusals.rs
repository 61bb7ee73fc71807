//! What a deploy is refused for, before anything is changed.

use ecs_deploy::cloud::HealthState;
use ecs_deploy::config::Config;
use ecs_deploy::error::{DeployError, FailureKind, LockLeft};
use ecs_deploy::names::{AccountId, Color};
use ecs_deploy::plan::{PrepareError, Refusal};
use ecs_deploy::{CommandPolicy, Failure, Mode, plan};
use tokio_util::sync::CancellationToken;

use crate::support::cloud::Model;
use crate::support::faults::Call;
use crate::support::load_balancer::target;
use crate::support::world::World;

/// Deploys, and asserts that nothing was changed, not even the lock.
async fn refused(world: &World) -> Failure {
    let failure = world.deploy("one").await.expect_err("it is refused");
    assert_eq!(world.cloud.model().changes, []);
    assert_eq!(world.commands.started(), [""; 0]);
    assert_eq!(world.row(), None);
    failure
}

async fn refusal(world: &World) -> Refusal {
    let failure = refused(world).await;
    assert_eq!((failure.kind, failure.lock), (FailureKind::Refused, LockLeft::NotTaken));
    assert_eq!(failure.step, None);
    match failure.error {
        DeployError::Refused(refusal) => refusal,
        error => panic!("{error}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_service_that_is_not_there() {
    let world = World::serving();
    world.cloud.model().service.exists = false;
    assert!(matches!(refusal(&world).await, Refusal::NoService { .. }));
}

#[tokio::test(start_paused = true)]
async fn a_service_that_was_deleted() {
    let world = World::serving();
    world.cloud.model().service.status = "INACTIVE".into();
    assert!(matches!(refusal(&world).await, Refusal::NotActive { .. }));
}

#[tokio::test(start_paused = true)]
async fn a_service_of_another_deployment_controller() {
    let world = World::serving();
    world.cloud.model().service.controller = "CODE_DEPLOY".into();
    assert!(matches!(refusal(&world).await, Refusal::NotExternal { .. }));
}

#[tokio::test(start_paused = true)]
async fn a_desired_count_of_nothing_while_tasks_serve() {
    let world = World::serving();
    // The count was set to 0 a moment ago: the tasks still run.
    world.cloud.model().service.keeps_running = Some(2);
    world.cloud.model().service.desired = 0;
    assert_eq!(refusal(&world).await, Refusal::NothingDesired { running: 2 });
}

#[tokio::test(start_paused = true)]
async fn two_rules_with_no_color_between_them() {
    let world = World::serving();
    let green = world.target.target_groups.green.clone();
    world.cloud.model().balancer.groups.blue = green;
    assert!(matches!(refusal(&world).await, Refusal::Traffic(_)));
}

#[tokio::test(start_paused = true)]
async fn credentials_of_another_account() {
    let refused = async |spoil: fn(&mut Model)| {
        let world = World::serving();
        spoil(&mut world.cloud.model());
        let failure = refused(&world).await;
        assert_eq!(failure.kind, FailureKind::Refused);
        failure.error.to_string()
    };
    fn other() -> AccountId {
        "999999999999".parse().unwrap()
    }
    assert_eq!(
        refused(|model| model.deploy_account = other()).await,
        "the credentials are of account 999999999999, and ECS and the load balancer are in \
         222222222222 (AccountID): use credentials of that account, or name a role there as \
         DeployRoleARN"
    );
    assert_eq!(
        refused(|model| model.config_account = other()).await,
        "the credentials are of account 999999999999, and the lock table and ArtifactDB are in \
         111111111111 (ConfigAccountID): use credentials of that account, or name a role there as \
         ConfigRoleARN"
    );
}

#[tokio::test(start_paused = true)]
async fn a_foreign_target_in_the_idle_group_is_refused_under_the_lock() {
    let world = World::serving();
    let foreign = target("192.168.7.7", HealthState::Healthy);
    world.cloud.model().balancer.foreign.push((Color::Blue, foreign));
    let failure = refused(&world).await;
    assert!(matches!(failure.error, DeployError::Refused(Refusal::ForeignTarget { .. })));
    assert_eq!((failure.kind, failure.lock), (FailureKind::Refused, LockLeft::PutBack));
}

#[tokio::test(start_paused = true)]
async fn a_foreign_target_that_leaves_is_let_go() {
    let world = World::serving();
    let leaving = target("192.168.7.7", HealthState::Draining);
    world.cloud.model().balancer.foreign.push((Color::Blue, leaving));
    world.deploy("one").await.expect("it succeeds");
}

#[tokio::test(start_paused = true)]
async fn no_artifact_of_that_sha_with_the_newest_named() {
    let world = World::serving();
    let failure = world.deploy("nine").await.expect_err("there is none");
    assert!(matches!(failure.error, DeployError::Prepare(PrepareError::NoArtifact { .. })));
    assert_eq!(failure.kind, FailureKind::Refused);
    assert!(failure.error.to_string().contains("build 6 (SHA six, shop:six)"));
}

#[tokio::test(start_paused = true)]
async fn an_artifact_that_was_not_in_the_environment_before_is_stopped_at_the_gate() {
    let mut world = World::serving();
    world.target.requires_previous_env = Some("test".parse().unwrap());
    let failure = refused(&world).await;
    assert_eq!(failure.kind, FailureKind::Gate);
    assert!(failure.error.to_string().contains("deploy-test-1a2b3c4d is missing"));
    let tags = |world: &World, value: &str| {
        let mut model = world.cloud.model();
        model.artifacts[0].tags.insert("deploy-test-1a2b3c4d".into(), value.into());
    };
    tags(&world, "failure");
    assert_eq!(refused(&world).await.kind, FailureKind::Gate);
    tags(&world, "success");
    world.deploy("one").await.expect("the gate is open");
}

#[tokio::test(start_paused = true)]
async fn a_plan_says_what_a_deploy_would_do_and_changes_nothing() {
    let world = World::serving();
    let order = world.order("one", ecs_deploy::Mode::Fresh);
    let cancel = CancellationToken::new();
    let (ports, runtime) = (world.ports(), world.runtime());
    let found =
        plan(&order.request, order.commands, &ports, &runtime, &*world.events, &cancel).await;
    let found = found.expect("a deploy may start");
    assert_eq!(found.blueprint.artifact.value, "shop:one");
    assert_eq!(found.preflight.serving(), Color::Green);
    assert_eq!(world.cloud.model().changes, []);
    assert_eq!(world.row(), None);
}

#[tokio::test(start_paused = true)]
async fn a_plan_refuses_what_a_deploy_would_refuse() {
    let world = World::serving();
    world.cloud.model().service.controller = "ECS".into();
    let order = world.order("one", ecs_deploy::Mode::Fresh);
    let cancel = CancellationToken::new();
    let (ports, runtime) = (world.ports(), world.runtime());
    let found =
        plan(&order.request, order.commands, &ports, &runtime, &*world.events, &cancel).await;
    assert_eq!(found.expect_err("it is refused").kind, FailureKind::Refused);
    assert_eq!(world.cloud.faults.count(Call::Create), 0);
}

#[tokio::test(start_paused = true)]
async fn templates_are_rendered_before_the_lock_those_of_left_out_commands_too() {
    let config = include_str!("support/config.json");
    for template in
        ["{{.Artifact.Value}}\", \"PortMappings", "{{.Artifact.Value}}\"]}", "{{.TaskDefinition}}"]
    {
        assert!(config.contains(template), "{template}");
        let spoiled =
            config.replace(template, &template.replace("}}", "}}{{.Artifact.Tags.Missing}}"));
        let mut world = World::serving();
        world.target = Config::parse(&spoiled, "spoiled").unwrap().target("shop", "dev").unwrap();
        for commands in [CommandPolicy::Run, CommandPolicy::Skip] {
            let mut order = world.order("one", Mode::Fresh);
            order.commands = commands;
            let failure = world.run(&order).await.expect_err(template);
            assert_eq!((failure.kind, failure.step), (FailureKind::Refused, None), "{template}");
            let words = failure.error.to_string();
            assert!(words.contains("`.Artifact.Tags.Missing` has no value"), "{words}");
            assert_eq!((world.row(), world.commands.started().len()), (None, 0), "{template}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_aws_would_refuse_is_refused_before_the_lock() {
    let config =
        include_str!("support/config.json").replace(r#""Memory": "512""#, r#""Memory": "700""#);
    let mut world = World::serving();
    world.target = Config::parse(&config, "odd.json").unwrap().target("shop", "dev").unwrap();
    for mode in [Mode::Fresh, Mode::StartOver] {
        let failure = world.run(&world.order("one", mode)).await.expect_err("no such size");
        assert_eq!((failure.kind, failure.step), (FailureKind::Refused, None));
        let words = failure.error.to_string();
        let place = "Apps.shop.Environments.dev.Memory: AWS would refuse it: ";
        assert!(words.starts_with("odd.json:") && words.contains(place), "{words}");
        assert_eq!((world.row(), world.commands.started().len()), (None, 0));
        assert_eq!(world.cloud.model().changes, []);
    }
}
