//! Locks that are not to be had, and deploys that can't be resumed.

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::case::Case;
use super::theme::Theme;
use crate::support::{Call, Fate, answer, shell};

/// What the Go program writes of a deploy that is at step 9.
const WORKING: &str = r#"{"Artifact":{"BuildNumber":2,"Value":"shop:2b7f1c9","Tags":{"SHA":"2b7f1c9"}},"ConfigSHA":"1a2b3c4d","NewTaskSetID":"ecs-svc/1","NewActiveColor":"blue","Done":false,"Step":7}"#;

/// The same of one that ended well.
const DONE: &str = r#"{"Artifact":{"BuildNumber":2,"Value":"shop:2b7f1c9","Tags":{"SHA":"2b7f1c9"}},"ConfigSHA":"1a2b3c4d","NewTaskSetID":"ecs-svc/1","NewActiveColor":"blue","Done":true,"Step":13}"#;

/// Adds an app with a lock of its own.
fn app(name: &str) -> impl FnOnce(&mut Value) {
    move |config| config["Apps"][name] = config["Apps"]["shop"].take()
}

/// What a row of a lock says to the next deploy: all but who held it last, and its version.
async fn said(theme: &Theme, key: &str) -> Value {
    let row = theme.cloud().row(key).await;
    json!([row["data"], row["leaseDuration"], row["isReleased"]])
}

fn deploy(name: &'static str, app: &str, code: i32) -> Case {
    let line = format!("-config {app}.json -app {app} -env dev -sha 2b7f1c9 -config-sha 1a2b3c4d");
    Case::new(name, &line, code)
}

fn look(name: &'static str, verb: &str, app: &str, code: i32) -> Case {
    Case::new(name, &format!("{verb} -config {app}.json -app {app} -env dev"), code)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lock_that_is_held_is_told_with_its_holder_and_the_way_on() {
    let mut theme = Theme::new("lock").await;
    theme.config("failing.json", |config| {
        config["Apps"]["shop"]["PreDeployCommandTemplates"] = json!([shell("exit 7")]);
        app("failing")(config);
    });
    theme.config("held.json", app("held"));
    theme.cloud().put_row("held-dev", WORKING, &[("leaseDuration", json!({"S": "1h0m0s"}))]).await;
    theme.one(deploy("failed-deploy", "failing", 1)).await;
    let other = "-config failing.json -app failing -env dev -sha 5ca1ab1 -config-sha 1a2b3c4d";
    let config = "-config failing.json -app failing -env dev -sha 2b7f1c9 -config-sha 00000000";
    theme
        .all(vec![
            deploy("held-by-a-deploy", "held", 3),
            deploy("held-for-a-failed-deploy", "failing", 3),
            Case::new("held-for-a-failed-deploy-of-another-artifact", other, 3),
            look("held-for-a-failed-deploy-for-lock-status", "lock status", "failing", 0),
        ])
        .await;
    let before = said(&theme, "failing-dev").await;
    theme.one(Case::new("resume-of-another-artifact", &format!("{other} -resume"), 2)).await;
    theme.one(Case::new("resume-of-another-config", &format!("{config} -resume"), 2)).await;
    assert_eq!(said(&theme, "failing-dev").await, before);
    theme.end();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deploy_that_is_not_there_or_ended_well_cannot_be_resumed() {
    let mut theme = Theme::new("resume").await;
    for name in ["nothing", "finished", "unreadable"] {
        theme.config(&format!("{name}.json"), app(name));
    }
    let given_up = [("leaseDuration", json!({"S": "1ms"}))];
    let released = [("isReleased", json!({"S": "1"})), ("leaseDuration", json!({"S": "10s"}))];
    theme.cloud().put_row("finished-dev", DONE, &released).await;
    theme.cloud().put_row("unreadable-dev", "{\"Step\":", &given_up).await;
    let rows = ["nothing-dev", "finished-dev", "unreadable-dev"];
    let before = join_all(rows.map(|key| said(&theme, key))).await;
    theme
        .all(vec![
            deploy("of-nothing", "nothing", 2).with("-resume"),
            deploy("of-a-finished-deploy", "finished", 2).with("-resume"),
            deploy("of-a-row-that-cannot-be-read", "unreadable", 2).with("-resume"),
        ])
        .await;
    assert_eq!(join_all(rows.map(|key| said(&theme, key))).await, before);
    theme.end();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lock_table_that_is_not_there_or_does_not_answer_is_told_with_the_way_on() {
    let mut theme = Theme::new("lock-table").await;
    let no_answer = |call: &Call| match &call.action[..] {
        "dynamodb:PutItem" => Fate::Answered(answer(200, "text/html", "<html>Sign in</html>")),
        _ => Fate::Passes,
    };
    let missing = |call: &Call| match call.body.contains("DeployLock") {
        true => call.refused("ResourceNotFound", "Requested resource not found"),
        false => Fate::Passes,
    };
    theme
        .all(vec![
            Case::deploy("missing", "deploy.json", 2).meddled(missing),
            Case::deploy("no-answer", "deploy.json", 2).meddled(no_answer),
            Case::look("missing-for-status", "status", "deploy.json", 1).meddled(missing),
            Case::look("missing-for-lock-status", "lock status", "deploy.json", 1).meddled(missing),
        ])
        .await;
    theme.end();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn odd_rows_of_the_lock_are_told_and_left_as_they_are() {
    let mut theme = Theme::new("odd-rows").await;
    let rows = [
        ("no-owner", ("ownerName", Value::Null), 3),
        ("no-version", ("recordVersionNumber", Value::Null), 2),
        ("no-lease", ("leaseDuration", Value::Null), 3),
        ("empty-lease", ("leaseDuration", json!({"S": ""})), 2),
        ("lease-without-unit", ("leaseDuration", json!({"S": "10"})), 2),
        ("lease-as-number", ("leaseDuration", json!({"N": "10"})), 2),
        ("data-as-text", ("data", json!({"S": WORKING})), 3),
        ("data-that-is-no-json", ("data", json!({"B": "e30gYW5kIG1vcmU="})), 3),
        ("released-with-true", ("isReleased", json!({"BOOL": true})), 2),
    ];
    let mut cases = Vec::new();
    for (name, change, code) in rows {
        theme.config(&format!("{name}.json"), app(name));
        theme.cloud().put_row(&format!("{name}-dev"), WORKING, &[change]).await;
        cases.push(deploy(name, name, code));
        cases.push(look(told(name), "lock status", name, 0));
    }
    cases.push(look("no-version-for-status", "status", "no-version", 0));
    theme.all(cases).await;
    theme.end();
}

/// The name of the case in which `lock status` tells of a row.
fn told(row: &str) -> &'static str {
    format!("{row}-for-lock-status").leak()
}
