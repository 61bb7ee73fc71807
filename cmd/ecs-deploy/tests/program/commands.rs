//! Pre- and post-deploy commands: what they have, and what is made of their end.

use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use serde_json::json;
use tokio::io::AsyncWriteExt;

use crate::support::{SECOND, Sandbox, shell};

const SAY: &str = r#"#!/bin/sh
echo "$MARK, $ECS_DEPLOY_APP of $ECS_DEPLOY_ENVIRONMENT"
read typed
echo "typed $typed"
printf 'last word' >&2
"#;

#[tokio::test]
async fn commands_have_the_callers_folder_environment_and_input_and_both_outputs_on_stdout() {
    let folder = tempfile::tempdir().unwrap();
    let say = folder.path().join("say");
    std::fs::write(&say, SAY).unwrap();
    std::fs::set_permissions(&say, std::fs::Permissions::from_mode(0o755)).unwrap();
    let sandbox = Sandbox::with_commands(&[json!({"Program": "./say"})], &[]).await;
    let mut command = sandbox.command(SECOND, &[]);
    command.current_dir(folder.path()).env("MARK", "from outside");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"by hand\n").await.unwrap();
    let ended = child.wait_with_output().await.unwrap();
    let stderr = String::from_utf8(ended.stderr).unwrap();
    assert!(ended.status.success(), "{stderr}");
    assert!(!stderr.contains("[./say]"), "{stderr}");
    let stdout = String::from_utf8(ended.stdout).unwrap();
    let mut lines: Vec<&str> = stdout.split_inclusive('\n').collect();
    // The two outputs are two pipes: what comes first is not said.
    lines.sort();
    let expected =
        ["[./say] from outside, shop of dev\n", "[./say] last word\n", "[./say] typed by hand\n"];
    assert_eq!(lines, expected);
}

#[tokio::test]
async fn a_failed_post_deploy_command_ends_with_6_and_a_resume_runs_it() {
    let folder = tempfile::tempdir().unwrap();
    let mended = folder.path().join("mended");
    let tell = shell(&format!("echo {{{{.TaskDefinition}}}}; test -e {}", mended.display()));
    let sandbox =
        Sandbox::with_commands(&[shell("echo before")], &[shell("echo first"), tell]).await;
    let failed = sandbox.deploy(SECOND, &[]).await.with(6);
    assert_eq!(failed.stdout, "[sh] before\n[sh] first\n[sh] shop-dev:2\n");
    failed.telling("the post-deploy command `sh` failed").telling("-resume");
    assert_eq!(sandbox.version().await, SECOND);
    std::fs::write(mended, "").unwrap();
    let resumed = sandbox.deploy(SECOND, &["-resume"]).await.with(0);
    assert_eq!(resumed.stdout, "[sh] shop-dev:2\n");
    assert_eq!(sandbox.cloud.tags(2).await["deploy-dev-1a2b3c4d"]["S"], "success");
}
