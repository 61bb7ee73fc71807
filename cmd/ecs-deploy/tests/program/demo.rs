//! `-sandbox`, the README's command.

use crate::support::{Ended, Running, program};

const EXAMPLE: &str = include_str!("../../../../deploy-config.example.json");

/// Runs a deploy on a sandbox of its own, in a folder that no git knows.
async fn demo(flags: &[&str]) -> Ended {
    demo_of(EXAMPLE, flags).await
}

/// The same with this config as `deploy.json`.
async fn demo_of(config: &str, flags: &[&str]) -> Ended {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("deploy.json"), config).unwrap();
    let mut command = program();
    command.current_dir(folder.path()).env("GIT_CEILING_DIRECTORIES", folder.path());
    command.arg("-sandbox").args(flags);
    Running::start(command).ended().await
}

/// The columns of the table's row of that name.
fn row<'a>(ended: &'a Ended, name: &str) -> Vec<&'a str> {
    let mut rows = ended.stderr.lines().map(str::trim);
    let row = rows.find_map(|line| line.strip_prefix(name)).expect("the row");
    row.split_whitespace().collect()
}

#[tokio::test]
async fn a_deploy_fails_no_request_and_is_told_in_25_lines() {
    let flags = ["-config", "deploy.json", "-app", "shop", "-env", "dev", "-sha", "2b7f1c9"];
    let ended = demo(&flags).await.with(0).telling("its SHA is `sandbox` here");
    let lines = ended.stderr.lines().count() + ended.stdout.lines().count();
    assert!(lines <= 25, "{lines} lines");
    assert_eq!(row(&ended, "requests "), ["9e1d00a", "2b7f1c9", "failed"]);
    let [before, during, after] = ["before", "during", "after"].map(|name| row(&ended, name));
    assert!(before[0] != "0" && before[1..] == ["0", "0"], "{before:?}");
    assert_eq!(during[2], "0");
    assert!(after[0] == "0" && after[1] != "0" && after[2] == "0", "{after:?}");
    ended.telling("shop:2b7f1c9 serves dev on blue").telling("green kept, 2 tasks");
}

#[tokio::test]
async fn a_bad_version_is_refused_with_the_old_one_serving() {
    let ended = demo(&["-sha", "0ddba11"]).await.with(1);
    let ended = ended.telling("Task failed ELB health checks");
    let ended = ended.telling("serves   green, with the version before");
    let lines = ended.stderr.lines().count() + ended.stdout.lines().count();
    assert!(lines <= 25, "{lines} lines");
    let all = row(&ended, "no swap");
    assert!(all[0] != "0" && all[1..] == ["0"], "{all:?}");
}

#[tokio::test]
async fn what_the_config_does_not_have_is_refused() {
    demo(&["-sha", "1234567"]).await.with(2).telling("no build of shop with the tag SHA=1234567");
    demo(&["-app", "shop", "-env", "prod"]).await.with(4).telling("was not deployed to dev");
}

#[tokio::test]
async fn an_app_without_artifact_db_is_deployed_by_image() {
    let config = include_str!("../../../../fixtures/without-artifact-db.json");
    let demo = async |flags: &[&str]| {
        demo_of(config, &[&["-config", "deploy.json"], flags].concat()).await
    };
    let ended = demo(&["-image", "shop-dev:5ca1ab1"]).await.with(0);
    let ended = ended.telling("no tag: the app is not in ArtifactDB");
    let ended = ended.telling("shop-dev:5ca1ab1 serves dev on blue");
    ended.telling("the same with -image shop-dev:0ddba11");
    demo(&["-sha", "2b7f1c9"]).await.with(2).telling("give -image REF instead of -sha");
}
