//! Standard output that is closed, or that nothing fits in.

use serde_json::json;

use super::case::{Case, Stdout};
use super::theme::Theme;
use crate::support::shell;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn output_that_cannot_be_written_is_told_and_never_stops_a_deploy() {
    let mut theme = Theme::new("output").await;
    let commands = |then: &str| json!([shell("echo migrating"), shell(then)]);
    theme.config("chatty.json", |config| {
        config["Apps"]["shop"]["PreDeployCommandTemplates"] = commands("echo migrated");
    });
    for app in ["unread", "closed"] {
        theme.config(&format!("{app}.json"), |config| {
            let mut shop = config["Apps"]["shop"].take();
            shop["PreDeployCommandTemplates"] = commands("echo failed; exit 7");
            config["Apps"][app] = shop;
        });
    }
    let fails = |name, app: &str, to| {
        let line =
            format!("-config {app}.json -app {app} -env dev -sha 2b7f1c9 -config-sha 1a2b3c4d");
        Case::new(name, &line, 1).into(to)
    };
    let looks = |name, verb, to| Case::look(name, verb, "deploy.json", 1).into(to);
    theme
        .all(vec![
            Case::plan("full-for-plan", "deploy.json", 1).into(Stdout::Full),
            looks("full-for-status", "status", Stdout::Full),
            looks("full-for-lock-status", "lock status", Stdout::Full),
            Case::new("full-for-help", "-h", 1).into(Stdout::Full),
            Case::plan("no-reader-for-plan", "deploy.json", 1).into(Stdout::NoReader),
            looks("no-reader-for-status", "status", Stdout::NoReader),
            looks("no-reader-for-lock-status", "lock status", Stdout::NoReader),
            Case::look("closed-for-status", "status", "deploy.json", 0).into(Stdout::Closed),
            fails("no-reader-for-deploy", "unread", Stdout::NoReader),
            fails("closed-for-deploy", "closed", Stdout::Closed),
        ])
        .await;
    theme.one(Case::deploy("full-for-deploy", "chatty.json", 0).into(Stdout::Full)).await;
    theme.end();
}
