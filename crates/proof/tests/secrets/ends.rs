//! Every way in which a deploy may end.

use ecs_deploy::Mode;
use ecs_deploy::error::FailureKind;
use ecs_deploy_proof::{Line, Mishap};
use ecs_deploy_sandbox::model::simulate::Behaviour;

use crate::plants::{Ended, Garden};

/// The number of a program's first call of this name.
async fn number_of(garden: &Garden, sha: &str, operation: &str) -> usize {
    let line = Line::default();
    assert!(garden.deploy(&line, sha, Mode::Fresh).await.is_success());
    line.made().iter().position(|made| made == operation).expect("it is called")
}

#[tokio::test(start_paused = true)]
async fn a_deploy_that_ends_well() {
    for garden in [Garden::new(), Garden::with_roles()] {
        let line = Line::default();
        assert!(garden.deploy(&line, "one", Mode::Fresh).await.is_success());
        assert!(line.made().iter().any(|made| made == "RegisterTaskDefinition"));
        assert!(garden.was_handed_secrets());
    }
}

#[tokio::test(start_paused = true)]
async fn a_rollout_that_fails_for_a_reason_with_secrets_in_it() {
    let garden = Garden::new();
    let reason = "ResourceInitializationError: unable to pull secrets: invalid parameters: \
                  [/dev/plant-parameter]; the environment was plant-in-the-environment";
    let behaviour = Behaviour { pull_fails: Some(reason.to_owned()), ..Behaviour::default() };
    garden.team.world.behave("shop:1", behaviour);
    let failure = garden.deploy(&Line::default(), "one", Mode::Fresh).await.failure();
    let told = failure.error.to_string();
    assert!(told.contains("invalid parameters: [(hidden: PARAMETER)]"), "{told}");
    assert!(told.contains("the environment was (hidden: PLAIN)"), "{told}");
}

#[tokio::test(start_paused = true)]
async fn a_lock_that_another_deploy_has() {
    let garden = Garden::new();
    let create = number_of(&garden, "one", "CreateTaskSet").await;
    let dying = Line::default();
    dying.befall(create, Mishap::DiesAfter);
    assert!(matches!(garden.deploy(&dying, "two", Mode::Fresh).await, Ended::Died));
    let failure = garden.deploy(&Line::default(), "three", Mode::Fresh).await.failure();
    assert_eq!(failure.kind, FailureKind::Locked);
}

#[tokio::test(start_paused = true)]
async fn a_crash_at_any_call_and_the_deploy_that_goes_on() {
    let calls = number_of(&Garden::new(), "one", "SetRulePriorities").await;
    for call in (0..calls + 8).step_by(3) {
        let garden = Garden::new();
        let line = Line::default();
        line.befall(call, Mishap::DiesAfter);
        assert!(matches!(garden.deploy(&line, "one", Mode::Fresh).await, Ended::Died), "{call}");
        garden.deploy(&Line::default(), "one", Mode::Resume).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_login_with_a_wrong_password() {
    let garden = Garden::new();
    garden.team.world.with(|cloud, _| {
        cloud.cloud_tamer.as_mut().unwrap().password = "another".to_owned();
    });
    let ended = garden.deploy(&Line::default(), "one", Mode::Fresh).await;
    assert!(matches!(ended, Ended::NotConnected));
}
