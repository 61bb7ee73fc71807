//! `status`, and the program by the name `ecs-app-status`.

use serde_json::{Value, json};
use tokio::process::Command;

use crate::support::{Running, SECOND, Sandbox, shell};

impl Sandbox {
    /// The program by another name.
    fn called(&self, name: &str) -> Command {
        let mut command = self.look(&[]);
        command.arg0(name);
        command
    }

    async fn original_status(&self) -> String {
        let told = Running::start(self.called("/opt/bin/ecs-app-status")).ended().await.with(0);
        assert_eq!(told.stderr, "");
        told.stdout
    }
}

#[tokio::test]
async fn by_the_name_of_the_original_it_prints_what_that_printed() {
    let sandbox = Sandbox::start().await;
    assert_eq!(
        sandbox.original_status().await,
        "shop:\n\
         \u{20} Latest: shop:5ca1ab1\n\
         \u{20} dev:\n\
         \u{20}   Serving:   shop:9e1d00a/sandbox (taskdef=shop-dev:1, status=PRIMARY, 2 tasks running)\n\
         \u{20}   No deploy in progress\n"
    );
    sandbox.deploy(SECOND, &[]).await.with(0);
    sandbox.cloud.task_sets().await;
    assert_eq!(
        sandbox.original_status().await,
        "shop:\n\
         \u{20} Latest: shop:5ca1ab1\n\
         \u{20} dev:\n\
         \u{20}   Serving:   shop:2b7f1c9/1a2b3c4d (taskdef=shop-dev:2, status=PRIMARY, 2 tasks running)\n\
         \u{20}   No deploy in progress\n\
         \u{20}   Swapped:   shop:9e1d00a/sandbox (taskdef=shop-dev:1, status=ACTIVE, 2 tasks running)\n"
    );
}

#[tokio::test]
async fn a_status_has_the_lines_of_the_original_and_others_deeper() {
    let sandbox = Sandbox::with_commands(&[shell("echo begun; sleep 4")], &[]).await;
    let mut deploy = Running::start(sandbox.command(SECOND, &[]));
    assert_eq!(deploy.line().await, "[sh] begun");
    let told = Running::start(sandbox.look(&["status"])).ended().await.with(0);
    let (by, others): (Vec<&str>, Vec<&str>) =
        told.stdout.lines().partition(|line| line.starts_with("      by "));
    assert_eq!(
        others,
        [
            "shop:",
            "  Latest: shop:5ca1ab1",
            "  dev:",
            "    Serving:   shop:9e1d00a/sandbox (taskdef=shop-dev:1, status=PRIMARY, 2 tasks running)",
            "    Deploying: shop:2b7f1c9/1a2b3c4d (step 2)",
            "      green, which serves, by rule 11: 2 of 2 tasks, 2 healthy",
            "      blue, by rule 12: no tasks, 0 healthy",
            "      lock held, and its holder is alive",
            "      step 2 (pre)",
        ]
    );
    assert!(by.len() == 1 && by[0].contains(" since 20"), "{by:?}");
    assert!(told.stderr.ends_with("watching shop-dev for a sign of life, 10s at most\n"));
    deploy.ended().await.with(0);
}

#[tokio::test]
async fn one_task_is_told_as_one() {
    let sandbox = Sandbox::start().await;
    sandbox.cloud.set_desired_count(1).await;
    let begun = std::time::Instant::now();
    while !sandbox.original_status().await.contains("PRIMARY, 1 task running)") {
        assert!(begun.elapsed().as_secs() < 30, "{}", sandbox.original_status().await);
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    }
}

#[tokio::test]
async fn a_deploy_on_record_that_can_not_be_read_is_not_passed_over() {
    let sandbox = Sandbox::start().await;
    sandbox.cloud.put_lock_row("no JSON", ("isReleased", json!({"S": "1"}))).await;
    let told = Running::start(sandbox.look(&["status"])).ended().await.with(0).stdout;
    assert!(told.contains("\n    Deploying: unknown (the lock's row can't be read)\n"), "{told}");
    let lock = "\n      lock free; the lock row's data is no status of a deploy\n";
    assert!(told.contains(lock), "{told}");
    let original = Running::start(sandbox.called("ecs-app-status")).ended().await.with(1);
    assert_eq!(original.stdout, "");
    original.telling("the row of the lock shop-dev can't be read");
}

#[tokio::test]
async fn a_status_is_also_told_as_data_and_of_one_environment() {
    let sandbox = Sandbox::start().await;
    let mut narrowed = sandbox.look(&["status", "-env", "dev", "-output=json"]);
    let told = Running::start({
        narrowed.arg("--app=shop");
        narrowed
    })
    .ended()
    .await
    .with(0);
    let told: Value = serde_json::from_str(&told.stdout).unwrap();
    assert_eq!((&told["Schema"], &told["App"]), (&Value::from(1), &Value::from("shop")));
    let [environment] = &told["Environments"].as_array().unwrap()[..] else { panic!("{told}") };
    assert_eq!(environment["Traffic"]["Serving"]["Artifact"]["Value"], "shop:9e1d00a");
    assert_eq!(environment["Lock"]["State"], "Free");
    let unknown = Running::start(sandbox.look(&["status", "-env", "prod"])).ended().await.with(2);
    unknown.telling("dev");
}

#[tokio::test]
async fn what_can_not_be_read_is_told_on_stderr_alone() {
    let sandbox = Sandbox::start().await;
    for verb in [&["status"][..], &[]] {
        let mut command = sandbox.look(verb);
        if verb.is_empty() {
            command.arg0("ecs-app-status");
        }
        command.env("AWS_ACCESS_KEY_ID", "999999999999");
        let failed = Running::start(command).ended().await.with(1);
        assert_eq!(failed.stdout, "", "{verb:?}");
        failed.telling("can't tell the state of shop, dev: the credentials are ");
    }
    let mut missing = sandbox.called("ecs-app-status");
    missing.arg("-config=nowhere.json");
    let failed = Running::start(missing).ended().await.with(1);
    assert_eq!(failed.stdout, "");
    failed.telling("nowhere.json");
}
