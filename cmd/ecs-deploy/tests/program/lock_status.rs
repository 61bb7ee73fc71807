//! `lock status`.

use nix::sys::signal::Signal;
use serde_json::{Value, json};

use crate::support::{Ended, Running, SECOND, Sandbox, shell};

impl Sandbox {
    async fn lock_status(&self, flags: &[&str]) -> Ended {
        let mut command = self.look(&["lock", "status", "-env=dev"]);
        command.args(flags);
        Running::start(command).ended().await.with(0)
    }

    /// The line of the command to go on with, as it is told.
    fn next(&self, rest: &str) -> String {
        format!("next     ecs-deploy -config {} -app shop -env dev {rest}", self.config().display())
    }
}

const OLD: &str =
    "green, shop:9e1d00a/sandbox (taskdef=shop-dev:1, status=PRIMARY, 2 tasks running)";

#[tokio::test]
async fn a_free_lock_is_told_with_the_last_deploy() {
    let sandbox = Sandbox::start().await;
    let next = sandbox.next("-sha SHA");
    let told = sandbox.lock_status(&[]).await.stdout;
    assert_eq!(told, format!("lock     shop-dev: free\nserves   {OLD}\n{next}\n"));
    sandbox.deploy(SECOND, &[]).await.with(0);
    let told = sandbox.lock_status(&[]).await.stdout;
    let last = "last     shop:2b7f1c9 (build 2)  config 1a2b3c4d, ended well\n";
    assert!(told.starts_with(&format!("lock     shop-dev: free\n{last}by       ")), "{told}");
}

#[tokio::test]
async fn a_held_lock_is_told_with_who_deploys_what_and_where_it_stands() {
    let sandbox = Sandbox::with_commands(&[shell("echo begun; sleep 4")], &[]).await;
    let mut deploy = Running::start(sandbox.command(SECOND, &[]));
    assert_eq!(deploy.line().await, "[sh] begun");
    let told = sandbox.lock_status(&[]).await;
    let (by, others): (Vec<&str>, Vec<&str>) =
        told.stdout.lines().partition(|line| line.starts_with("by "));
    let again = format!(
        "next     ecs-deploy lock status -config {} -app shop -env dev   # to look again",
        sandbox.config().display()
    );
    let expected = [
        "lock     shop-dev: held, and its holder is alive",
        "deploy   shop:2b7f1c9 (build 2)  config 1a2b3c4d",
        "at       step 2 (pre)",
        &format!("serves   {OLD}"),
        &again,
    ];
    assert_eq!(others, expected);
    assert!(by.len() == 1 && by[0].contains('@'), "{by:?}");
    assert_eq!(told.stderr, "watching shop-dev for a sign of life, 10s at most\n");
    deploy.ended().await.with(0);
}

#[tokio::test]
async fn a_failed_deploy_is_told_at_once_and_the_command_that_is_told_mends_it() {
    let folder = tempfile::tempdir().unwrap();
    let mark = folder.path().join("mark").display().to_string();
    let fails_once = format!("test -e '{mark}' || {{ touch '{mark}'; exit 7; }}");
    let sandbox = Sandbox::with_commands(&[shell(&fails_once)], &[]).await;
    sandbox.deploy(SECOND, &[]).await.with(1);
    let told = sandbox.lock_status(&[]).await;
    assert!(told.took.as_secs() < 5 && told.stderr.is_empty(), "nothing was to be watched");
    let told = told.stdout;
    let state = "lock     shop-dev: held for a failed deploy, which waits for a decision\n";
    assert!(told.starts_with(state), "{told}");
    assert!(told.contains("\nat       step 2 (pre)\nfailed   "), "{told}");
    let next = sandbox.next("-sha 2b7f1c9 -config-sha 1a2b3c4d -resume   # or -start-over\n");
    assert!(told.ends_with(&next), "{told}");
    let json = sandbox.lock_status(&["-output", "json"]).await.stdout;
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        (&json["Lock"]["State"], &json["Lock"]["Next"]),
        (&"Failed".into(), &"Resume".into())
    );
    sandbox.paste(&told).await.with(0);
    assert_eq!(sandbox.version().await, SECOND);
}

#[tokio::test]
async fn a_row_that_no_client_can_take_is_told_with_the_command_that_removes_it() {
    let sandbox = Sandbox::start().await;
    sandbox.cloud.put_lock_row("{}", ("leaseDuration", json!({"S": "10"}))).await;
    let told = sandbox.lock_status(&[]).await.stdout;
    let expected = format!(
        "lock     shop-dev: nobody can take it; leaseDuration \"10\" is not a duration\n\
         holder   somebody, which has not told what it deploys\n\
         serves   {OLD}\n\
         next     aws dynamodb delete-item --region us-east-1 --table-name DeployLock \
         --key '{{\"key\":{{\"S\":\"shop-dev\"}}}}'   # once nobody deploys\n"
    );
    assert_eq!(told, expected);
}

#[tokio::test]
async fn a_holder_that_died_before_it_wrote_anything_can_be_started_over() {
    let sandbox = Sandbox::start().await;
    let done = r#"{"Artifact":{"BuildNumber":1,"Value":"shop:9e1d00a","Tags":null},"ConfigSHA":"c0ffee00","NewTaskSetID":"","NewActiveColor":"green","Done":true,"Step":13}"#;
    sandbox.cloud.put_lock_row(done, ("ownerName", json!({"S": "gopher"}))).await;
    let told = sandbox.lock_status(&[]).await.stdout;
    let next = sandbox.next("-sha SHA -start-over");
    let expected = format!(
        "lock     shop-dev: abandoned: no sign of life for 2s\n\
         last     shop:9e1d00a (build 1)  config c0ffee00, ended well\n\
         holder   gopher, which has not told what it deploys\n\
         serves   {OLD}\n{next}\n"
    );
    assert_eq!(told, expected);
}

#[tokio::test]
async fn a_deploy_that_was_killed_is_abandoned_after_its_lease() {
    let sandbox = Sandbox::with_commands(&[shell("echo begun; sleep 2")], &[]).await;
    let mut deploy = Running::start(sandbox.command(SECOND, &[]));
    assert_eq!(deploy.line().await, "[sh] begun");
    deploy.signal(Signal::SIGKILL);
    let told = sandbox.lock_status(&[]).await;
    assert!(told.took.as_secs() >= 10, "{:?}", told.took);
    let told = told.stdout;
    let state = "lock     shop-dev: abandoned: no sign of life for 10s\n";
    assert!(told.starts_with(state), "{told}");
    sandbox.paste(&told).await.with(0);
    assert_eq!(sandbox.version().await, SECOND);
}
