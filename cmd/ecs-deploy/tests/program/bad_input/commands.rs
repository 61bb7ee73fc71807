//! Pre- and post-deploy commands that can't start, or do not end well.

use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};

use super::case::Case;
use super::theme::Theme;
use crate::support::shell;

/// The config of an app of this name, with these commands; each has a lock of its own.
fn commands(theme: &Theme, app: &str, which: &str, commands: Value, limit: &str) {
    theme.config(&format!("{app}.json"), |config| {
        let mut shop = config["Apps"]["shop"].take();
        shop[which] = commands;
        shop["Environments"]["dev"]["Deployment"]["CommandTimeout"] = json!(limit);
        config["Apps"][app] = shop;
    });
}

fn case(app: &'static str, code: i32) -> Case {
    let line = format!("-config {app}.json -app {app} -env dev -sha 2b7f1c9 -config-sha 1a2b3c4d");
    Case::new(app, &line, code)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_that_does_not_end_well_stops_the_deploy_and_is_told() {
    let mut theme = Theme::new("commands").await;
    theme.file("text.txt", "no program\n");
    theme.file("interpreted", "#!/nowhere/interpreter\n");
    let runs = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(theme.path("interpreted"), runs).unwrap();
    let flood = "i=0; while [ $i -lt 3000 ]; do echo a line; i=$((i+1)); done; exit 7";
    let program = |name: &str| json!({"Program": name, "Arguments": ["dev"]});
    let unstartable = [
        ("not-found", program("./migrate")),
        ("interpreter-not-found", program("./interpreted")),
        ("not-executable", program("./text.txt")),
    ];
    let pre = [
        ("fails", shell("echo the database is locked >&2; exit 7"), "1m"),
        ("killed", shell("kill -9 $$"), "1m"),
        ("hangs", shell("echo waiting; sleep 600"), "3s"),
        ("leaves-grandchildren", shell("echo started; sleep 600 &"), "3s"),
        ("not-utf-8", shell(r"printf 'caf\351\n'; exit 7"), "1m"),
        ("floods", shell(flood), "1m"),
    ];
    let mut cases = Vec::new();
    for (app, command) in unstartable {
        commands(&theme, app, "PreDeployCommandTemplates", json!([command]), "1m");
        cases.push(case(app, 2));
    }
    for (app, command, limit) in pre {
        commands(&theme, app, "PreDeployCommandTemplates", json!([command]), limit);
        cases.push(case(app, 1));
    }
    theme.all(cases).await;
    let fails = json!([shell("echo could not tell the team >&2; exit 7")]);
    commands(&theme, "fails-after-the-swap", "PostDeployCommandTemplates", fails, "1m");
    theme.one(case("fails-after-the-swap", 6)).await;
    theme.end();
}
