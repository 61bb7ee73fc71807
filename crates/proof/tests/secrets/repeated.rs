//! Servers that say again what they were told: AWS does so in some of its errors, and a proxy may
//! in any.

use ecs_deploy::Mode;
use ecs_deploy_proof::{Line, Mishap};

use crate::plants::{Ended, Garden};

/// The calls of a deploy that ends well.
async fn calls(garden: &Garden) -> Vec<String> {
    let line = Line::default();
    assert!(garden.deploy(&line, "one", Mode::Fresh).await.is_success());
    line.made()
}

/// Lets each call of a deploy be answered with what was sent.
async fn repeat_each(new: fn() -> Garden, status: u16) {
    for (call, operation) in calls(&new()).await.into_iter().enumerate() {
        let (garden, line) = (new(), Line::default());
        line.befall(call, Mishap::Repeated(status));
        let ended = garden.deploy(&line, "one", Mode::Fresh).await;
        assert!(line.made().len() > call, "{operation} was not made");
        if operation == "RegisterTaskDefinition" && status == 400 {
            let told = ended.failure().error.to_string();
            assert!(told.contains("(hidden: QUOTED)"), "{told}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn each_call_refused() {
    repeat_each(Garden::new, 400).await;
}

#[tokio::test(start_paused = true)]
async fn each_call_refused_with_assumed_roles() {
    repeat_each(Garden::with_roles, 403).await;
}

#[tokio::test(start_paused = true)]
async fn each_call_failed_and_tried_again() {
    repeat_each(Garden::new, 500).await;
}

#[tokio::test(start_paused = true)]
async fn a_login_that_is_refused_for_good() {
    let garden = Garden::new();
    let line = Line::default();
    (0..5).for_each(|call| line.befall(call, Mishap::Repeated(500)));
    let ended = garden.deploy(&line, "one", Mode::Fresh).await;
    assert!(matches!(ended, Ended::NotConnected));
}
