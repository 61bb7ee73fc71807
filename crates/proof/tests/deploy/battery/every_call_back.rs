use ecs_deploy_proof::Mishap;

use super::Scenario::{RollBack, RollBackEarly, RollBackFailed};
use super::meet_at_every_call;

#[tokio::test(start_paused = true)]
async fn rollback_every_call_fails_before_its_effect() {
    meet_at_every_call(RollBack, Mishap::Failed).await;
}

#[tokio::test(start_paused = true)]
async fn rollback_every_answer_is_lost() {
    meet_at_every_call(RollBack, Mishap::AnswerLost).await;
}

#[tokio::test(start_paused = true)]
async fn rollback_every_call_hangs() {
    meet_at_every_call(RollBack, Mishap::Hung).await;
}

#[tokio::test(start_paused = true)]
async fn rollback_dies_before_every_call() {
    meet_at_every_call(RollBack, Mishap::DiesBefore).await;
}

#[tokio::test(start_paused = true)]
async fn rollback_dies_after_every_call() {
    meet_at_every_call(RollBack, Mishap::DiesAfter).await;
}

#[tokio::test(start_paused = true)]
async fn rollback_is_stopped_at_every_call() {
    meet_at_every_call(RollBack, Mishap::Stopped).await;
}

#[tokio::test(start_paused = true)]
async fn rollback_past_the_swap_every_call_fails_before_its_effect() {
    meet_at_every_call(RollBackFailed, Mishap::Failed).await;
}

#[tokio::test(start_paused = true)]
async fn rollback_past_the_swap_every_answer_is_lost() {
    meet_at_every_call(RollBackFailed, Mishap::AnswerLost).await;
}

#[tokio::test(start_paused = true)]
async fn rollback_past_the_swap_every_call_hangs() {
    meet_at_every_call(RollBackFailed, Mishap::Hung).await;
}

#[tokio::test(start_paused = true)]
async fn rollback_past_the_swap_dies_before_every_call() {
    meet_at_every_call(RollBackFailed, Mishap::DiesBefore).await;
}

#[tokio::test(start_paused = true)]
async fn rollback_past_the_swap_dies_after_every_call() {
    meet_at_every_call(RollBackFailed, Mishap::DiesAfter).await;
}

#[tokio::test(start_paused = true)]
async fn rollback_past_the_swap_is_stopped_at_every_call() {
    meet_at_every_call(RollBackFailed, Mishap::Stopped).await;
}

#[tokio::test(start_paused = true)]
async fn rollback_before_the_swap_every_call_fails_before_its_effect() {
    meet_at_every_call(RollBackEarly, Mishap::Failed).await;
}

#[tokio::test(start_paused = true)]
async fn rollback_before_the_swap_every_answer_is_lost() {
    meet_at_every_call(RollBackEarly, Mishap::AnswerLost).await;
}

#[tokio::test(start_paused = true)]
async fn rollback_before_the_swap_every_call_hangs() {
    meet_at_every_call(RollBackEarly, Mishap::Hung).await;
}

#[tokio::test(start_paused = true)]
async fn rollback_before_the_swap_dies_before_every_call() {
    meet_at_every_call(RollBackEarly, Mishap::DiesBefore).await;
}

#[tokio::test(start_paused = true)]
async fn rollback_before_the_swap_dies_after_every_call() {
    meet_at_every_call(RollBackEarly, Mishap::DiesAfter).await;
}

#[tokio::test(start_paused = true)]
async fn rollback_before_the_swap_is_stopped_at_every_call() {
    meet_at_every_call(RollBackEarly, Mishap::Stopped).await;
}

#[tokio::test(start_paused = true)]
async fn rollback_is_throttled_at_every_call() {
    meet_at_every_call(RollBack, Mishap::Throttled).await;
}

#[tokio::test(start_paused = true)]
async fn rollback_is_denied_every_call() {
    meet_at_every_call(RollBack, Mishap::Denied).await;
}

#[tokio::test(start_paused = true)]
async fn rollback_past_the_swap_is_throttled_at_every_call() {
    meet_at_every_call(RollBackFailed, Mishap::Throttled).await;
}

#[tokio::test(start_paused = true)]
async fn rollback_past_the_swap_is_denied_every_call() {
    meet_at_every_call(RollBackFailed, Mishap::Denied).await;
}

#[tokio::test(start_paused = true)]
async fn rollback_before_the_swap_is_throttled_at_every_call() {
    meet_at_every_call(RollBackEarly, Mishap::Throttled).await;
}

#[tokio::test(start_paused = true)]
async fn rollback_before_the_swap_is_denied_every_call() {
    meet_at_every_call(RollBackEarly, Mishap::Denied).await;
}
