//! Deploys that end well, one after another and against each other.

use crate::support::{FIRST, Running, SECOND, Sandbox, THIRD, all_answered, shell};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deploys_follow_each_other_and_respect_a_rollback_by_hand() {
    let sandbox = Sandbox::start().await;
    let users = sandbox.users();
    let [(old, ..)] = <[_; 1]>::try_from(sandbox.cloud.task_sets().await).unwrap();

    let first = sandbox.deploy(SECOND, &[]).await.with(0);
    assert!(first.stderr.ends_with(" Success!\n"), "{}", first.stderr);
    assert_eq!(sandbox.version().await, SECOND);
    let sets = sandbox.cloud.task_sets().await;
    assert_eq!(states(&sets), [("ACTIVE", "green"), ("PRIMARY", "blue")]);
    assert_eq!(sandbox.cloud.tags(2).await["deploy-dev-1a2b3c4d"]["S"], "success");

    sandbox.deploy(THIRD, &[]).await.with(0).telling("1 task set deleted");
    let sets = sandbox.cloud.task_sets().await;
    assert_eq!(states(&sets), [("ACTIVE", "blue"), ("PRIMARY", "green")]);
    assert!(sets.iter().all(|(id, ..)| *id != old), "the first version's set is pruned");

    let (second, third) = (sets[0].0.clone(), sets[1].0.clone());
    sandbox.cloud.roll_back(&second).await;
    // Nobody tells a deploy of this swap, and the balancer's nodes follow it late.
    assert_eq!(sandbox.version().await, SECOND);
    sandbox.deploy(FIRST, &[]).await.with(0).telling("blue serves; green is next");
    let sets = sandbox.cloud.task_sets().await;
    assert_eq!(states(&sets), [("ACTIVE", "blue"), ("PRIMARY", "green")]);
    assert_eq!(sets[0].0, second, "what was rolled back to was kept");
    assert!(sets.iter().all(|(id, ..)| *id != third), "what was rolled back from is pruned");
    assert_eq!(sandbox.cloud.serving().await, "green");

    let seen = all_answered(users).await;
    assert_eq!(seen, [FIRST, SECOND, THIRD].map(String::from).into());
}

fn states(sets: &[(String, String, String)]) -> Vec<(&str, &str)> {
    sets.iter().map(|(_, status, color)| (status.as_str(), color.as_str())).collect()
}

#[tokio::test]
async fn of_two_deploys_at_once_one_wins_and_the_other_says_who_works_since_when_at_what() {
    let sandbox = Sandbox::with_commands(&[shell("echo begun; sleep 2")], &[]).await;
    let mut winner = Running::start(sandbox.command(SECOND, &[]));
    assert_eq!(winner.line().await, "[sh] begun");

    let loser = sandbox.deploy(THIRD, &[]).await.with(3);
    let loser = loser.telling("another deploy has it").telling("deploying shop:2b7f1c9 (build 2)");
    let loser = loser.telling("at step 2 (pre)").telling(" since 20");
    assert!(loser.stdout.is_empty(), "it began all the same: {}", loser.stdout);

    winner.ended().await.with(0);
    assert_eq!(sandbox.version().await, SECOND);
    assert_eq!(sandbox.cloud.task_sets().await.len(), 2);
}

#[tokio::test]
async fn a_previous_environment_that_comes_first_is_a_gate() {
    let sandbox = Sandbox::start().await;
    let gated = sandbox.gate_dev_behind("qa");
    let mut command = sandbox.command(SECOND, &[]);
    command.arg("-config").arg(gated);
    Running::start(command)
        .ended()
        .await
        .with(4)
        .telling("was not deployed to qa with this config")
        .telling("next     ecs-deploy -config ")
        .telling(" -env qa ");
    assert_eq!(sandbox.cloud.task_sets().await.len(), 1);
}
