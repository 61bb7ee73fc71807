use ecs_deploy_proof::Mishap;

use super::Scenario::{First, Prune};
use super::meet_at_every_call;

#[tokio::test(start_paused = true)]
async fn first_deploy_every_call_fails_before_its_effect() {
    meet_at_every_call(First, Mishap::Failed).await;
}

#[tokio::test(start_paused = true)]
async fn first_deploy_every_answer_is_lost() {
    meet_at_every_call(First, Mishap::AnswerLost).await;
}

#[tokio::test(start_paused = true)]
async fn first_deploy_every_call_hangs() {
    meet_at_every_call(First, Mishap::Hung).await;
}

#[tokio::test(start_paused = true)]
async fn first_deploy_dies_before_every_call() {
    meet_at_every_call(First, Mishap::DiesBefore).await;
}

#[tokio::test(start_paused = true)]
async fn first_deploy_dies_after_every_call() {
    meet_at_every_call(First, Mishap::DiesAfter).await;
}

#[tokio::test(start_paused = true)]
async fn first_deploy_is_stopped_at_every_call() {
    meet_at_every_call(First, Mishap::Stopped).await;
}

#[tokio::test(start_paused = true)]
async fn pruning_deploy_is_stopped_at_every_call() {
    meet_at_every_call(Prune, Mishap::Stopped).await;
}

#[tokio::test(start_paused = true)]
async fn pruning_deploy_every_call_fails_before_its_effect() {
    meet_at_every_call(Prune, Mishap::Failed).await;
}

#[tokio::test(start_paused = true)]
async fn pruning_deploy_every_answer_is_lost() {
    meet_at_every_call(Prune, Mishap::AnswerLost).await;
}

#[tokio::test(start_paused = true)]
async fn pruning_deploy_every_call_hangs() {
    meet_at_every_call(Prune, Mishap::Hung).await;
}

#[tokio::test(start_paused = true)]
async fn pruning_deploy_dies_before_every_call() {
    meet_at_every_call(Prune, Mishap::DiesBefore).await;
}

#[tokio::test(start_paused = true)]
async fn pruning_deploy_dies_after_every_call() {
    meet_at_every_call(Prune, Mishap::DiesAfter).await;
}

#[tokio::test(start_paused = true)]
async fn first_deploy_is_throttled_at_every_call() {
    meet_at_every_call(First, Mishap::Throttled).await;
}

#[tokio::test(start_paused = true)]
async fn first_deploy_is_denied_every_call() {
    meet_at_every_call(First, Mishap::Denied).await;
}

#[tokio::test(start_paused = true)]
async fn pruning_deploy_is_throttled_at_every_call() {
    meet_at_every_call(Prune, Mishap::Throttled).await;
}

#[tokio::test(start_paused = true)]
async fn pruning_deploy_is_denied_every_call() {
    meet_at_every_call(Prune, Mishap::Denied).await;
}
