//! Secrets that are planted wherever the program has them show up in none of its output, at the most
//! verbose level that any variable asks for.

use serde_json::{Value, json};
use tokio::process::Command;

use crate::support::{ACCOUNT, Ended, FIRST, Running, SECOND, Sandbox, config};

/// What every planted secret begins with.
const PLANT: &str = "plant-";

/// Variables that make programs talk.
const VERBOSE: [(&str, &str); 4] = [
    ("RUST_LOG", "trace"),
    ("RUST_BACKTRACE", "full"),
    ("LOG_SENSITIVE_BODIES", "true"),
    ("AWS_SDK_LOG", "trace"),
];

/// The config with secrets in it, which runs a command after the swap.
fn planted(post: &Value) -> String {
    let pre = json!({"Program": "true", "Arguments": ["--password=plant-argument"]});
    let mut config = config(&[pre], std::slice::from_ref(post));
    let shop = &mut config["Apps"]["shop"];
    let container = &mut shop["ContainerDefinitionTemplates"][0];
    container["Environment"] = json!([{"Name": "PASSWORD", "Value": "plant-in-the-environment"}]);
    container["Secrets"] = json!([{"Name": "KEY", "ValueFrom": "/plant-parameter"}]);
    container["LogConfiguration"] = json!({
        "LogDriver": "splunk",
        "Options": {"splunk-token": "plant-in-an-option", "splunk-url": "https://logs.example.com"},
        "SecretOptions": [{"Name": "splunk-index", "ValueFrom": "plant-secret-option"}]
    });
    let role = format!("arn:aws:iam::{ACCOUNT}:role/ecs-execution");
    shop["Environments"]["dev"]["ExecutionRoleArn"] = json!(role);
    config.to_string()
}

impl Sandbox {
    /// Any run of the program, with secrets in its variables.
    fn planted(&self, verb: &[&str], flags: &[&str]) -> Command {
        let mut command = self.look(verb);
        command.args(flags).envs(VERBOSE);
        command.env("AWS_SECRET_ACCESS_KEY", "plant-secret-key");
        command.env("AWS_SESSION_TOKEN", "plant-session-token");
        command.env("BUILD_URL", "https://ann:plant-word@ci.example.com/7");
        command
    }

    fn planted_deploy(&self, sha: &str, flags: &[&str]) -> Command {
        let mut command = self.planted(&[], &["-env", "dev", "-config-sha", "1a2b3c4d"]);
        command.args(["-sha", sha]).args(flags);
        command
    }

    async fn assert_nothing_is_left(&self) {
        let status = self.cloud.status().await.unwrap().to_string();
        assert!(status.contains("ci.example.com"), "{status}");
        for text in [status, self.cloud.tags(2).await.to_string(), self.said()] {
            assert!(!text.contains(PLANT), "{text}");
        }
    }
}

/// Runs the program to its end, which has to have this exit code and no secret in its output.
async fn run(command: Command, code: i32) -> Ended {
    let ended = Running::start(command).ended().await.with(code);
    for text in [&ended.stdout, &ended.stderr] {
        assert!(!text.contains(PLANT), "{text}");
    }
    ended
}

#[tokio::test]
async fn looks_and_deploys_that_end_well_or_are_refused_show_none() {
    let sandbox = Sandbox::of(&planted(&json!({"Program": "true"}))).await;
    run(sandbox.planted_deploy(SECOND, &[]), 0).await;
    for verb in [&["status"][..], &["lock", "status"], &["plan"]] {
        for output in ["text", "json"] {
            let mut look = sandbox.planted(verb, &["-env", "dev", "-output", output]);
            if verb == ["plan"] {
                look.args(["-sha", FIRST, "-config-sha", "1a2b3c4d"]);
            }
            let told = run(look, 0).await;
            assert!(!told.stdout.is_empty(), "{verb:?}");
        }
    }
    let failed = run(sandbox.planted_deploy("deadbea", &[]), 1).await;
    failed.telling("EssentialContainerExited");
    run(sandbox.planted_deploy(SECOND, &[]), 3).await;
    sandbox.assert_nothing_is_left().await;
}

#[tokio::test]
async fn a_command_that_fails_and_a_deploy_that_was_killed_show_none() {
    let post = json!({"Program": "sh", "Arguments": ["-c", "echo at work; test -e go && exit 0; sleep 30; : plant-argument"]});
    let sandbox = Sandbox::of(&planted(&post)).await;
    let mut dying = sandbox.planted_deploy(SECOND, &[]);
    dying.current_dir(sandbox.folder());
    let mut dying = Running::start(dying);
    assert_eq!(dying.line().await, "[sh] at work");
    dying.signal(nix::sys::signal::Signal::SIGKILL);
    let died = dying.ended().await;
    assert!(!died.stderr.contains(PLANT), "{}", died.stderr);
    sandbox.assert_nothing_is_left().await;
    std::fs::write(sandbox.folder().join("go"), "").unwrap();
    let mut resumed = sandbox.planted_deploy(SECOND, &["-resume"]);
    resumed.current_dir(sandbox.folder());
    run(resumed, 0).await;

    let sandbox =
        Sandbox::of(&planted(&json!({"Program": "false", "Arguments": ["plant-argument"]}))).await;
    let failed = run(sandbox.planted_deploy(SECOND, &[]), 6).await;
    failed.telling("the post-deploy command `false` failed");
    sandbox.assert_nothing_is_left().await;
}

#[tokio::test]
async fn a_login_and_an_endpoint_show_none() {
    let sandbox = Sandbox::start().await;
    let mut wrong = sandbox.planted_deploy(SECOND, &[]);
    for (name, value) in sandbox.ready["CloudTamer"].as_object().unwrap() {
        wrong.env(name, value.as_str().unwrap());
    }
    wrong.env("CLOUDTAMER_PASSWORD", "plant-password");
    run(wrong, 2).await.telling("refuses the password of `sandbox`");

    let mut odd = sandbox.planted_deploy(SECOND, &[]);
    odd.env("CLOUDTAMER_BASE_URL", "https://ann:plant-word@cloudtamer.example.com/api");
    run(odd, 2).await.telling("CLOUDTAMER_USERNAME");

    let mut odd = sandbox.planted_deploy(SECOND, &[]);
    odd.env("AWS_ENDPOINT_URL", "ann:plant-word@127.0.0.1:4566");
    run(odd, 2).await.telling("the endpoint of DynamoDB is `127.0.0.1:4566` (AWS_ENDPOINT_URL)");
}
