//! Command lines that can't be followed.

use crate::support::{Running, program};

const HINT: &str = "hint: `ecs-deploy -h` lists the flags, with examples\n";

async fn refusal(arguments: &[&str]) -> String {
    let mut command = program();
    command.args(arguments);
    let ended = Running::start(command).ended().await.with(2);
    assert!(ended.stdout.is_empty(), "{}", ended.stdout);
    ended.stderr
}

#[tokio::test]
async fn each_is_told_in_one_line_with_one_hint() {
    let all = ["-config", "f", "-app", "a", "-env", "e", "-sha", "s"];
    let with = |more: &[&'static str]| [&all[..], more].concat();
    for (arguments, told) in [
        (vec![], "-config, -app, -env and -sha are missing"),
        (vec!["-config=f", "--app", "a", "-env=e", "-sha="], "-sha is missing"),
        (with(&["-resum"]), "unknown flag -resum; did you mean -resume?"),
        (with(&["envs"]), "`envs` is not a flag; did you mean -env?"),
        (
            with(&["plan"]),
            "`plan` is not a flag; did you mean `ecs-deploy plan …`, with the verb first?",
        ),
        (
            with(&["-resume", "-start-over"]),
            "-resume goes on with a failed deploy and -start-over begins again: give one of them",
        ),
        (
            with(&["-image", "r/a:1"]),
            "-sha deploys a build of ArtifactDB and -image an image without it: give one of them",
        ),
        (with(&["-resume=maybe"]), "-resume is on or off: `maybe` is neither true nor false"),
        (with(&["-app"]), "-app needs a value"),
        (
            with(&["-config-sha", "a b"]),
            "`a b` is not a config SHA: expected up to 128 letters, digits and characters of \
             `+-=._:/@`",
        ),
        (vec!["sandbox"], "`sandbox` is followed by `serve`"),
        (vec!["sandbox", "serve"], "-config is missing"),
        (
            vec!["sandbox", "serve", "-config", "f", "-listen", "4566"],
            "-listen takes an address like 127.0.0.1:4566, not `4566`",
        ),
        (vec!["plan", "-resume"], "-resume has no effect on a plan"),
    ] {
        assert_eq!(refusal(&arguments).await, format!("ecs-deploy: {told}\n{HINT}"));
    }
}

#[tokio::test]
async fn a_config_that_is_not_there_or_names_no_such_environment_is_told() {
    let told = refusal(&["-config", "none.json", "-app", "a", "-env", "e", "-sha", "s"]).await;
    assert!(told.starts_with("ecs-deploy: none.json: there is no such file in "), "{told}");
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy-config.example.json");
    let told = refusal(&["-config", example, "-app", "shop", "-env", "def", "-sha", "s"]).await;
    assert!(told.contains("did you mean `dev`?"), "{told}");
}

/// Each of these would be refused for more than one reason: the first in the order is told.
#[tokio::test]
async fn the_flags_come_before_the_config_then_git_then_credentials() {
    let folder = tempfile::tempdir().unwrap();
    let (bad, good) = (folder.path().join("bad.json"), folder.path().join("good.json"));
    std::fs::write(&bad, "{").unwrap();
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy-config.example.json");
    std::fs::copy(example, &good).unwrap();
    let target = ["-app", "shop", "-env", "dev", "-sha", "2b7f1c9"];
    for (config, flags, told) in [
        (&bad, &target[..4], "-sha is missing"),
        (&bad, &target, "bad.json:1:"),
        (&good, &target, "good.json is in no git repository; give `-config-sha`"),
        (&good, &[&target[..], &["-config-sha", "1a2b"]].concat(), "CLOUDTAMER_BASE_URL"),
    ] {
        let mut command = program();
        command.arg("-config").arg(config).args(flags);
        command.env("CLOUDTAMER_USERNAME", "ann").env("GIT_CEILING_DIRECTORIES", folder.path());
        let ended = Running::start(command).ended().await.with(2).telling(told);
        assert_eq!(ended.stdout, "");
    }
}

#[tokio::test]
async fn help_and_version_are_results() {
    for (flag, told) in
        [("-h", "Exit codes:"), ("--help", "-start-over"), ("-version", "ecs-deploy 0")]
    {
        let mut command = program();
        command.arg(flag);
        let ended = Running::start(command).ended().await.with(0);
        assert!(ended.stdout.contains(told) && ended.stderr.is_empty(), "{ended:?}");
    }
}
