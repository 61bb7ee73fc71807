use crate::bench::{Bench, ended, run_at};
use crate::canned::Canned;

#[test]
fn without_a_command_there_is_help_and_no_failure() {
    let bench = Bench::new();
    for line in [&[][..], &["tag"], &["--help"], &["latest", "-h"]] {
        let help = bench.output(line);
        for word in ["Usage: artifact-db", "tag rm", "--contained-artifact", "--region"] {
            assert!(help.contains(word), "{line:?} {word}: {help}");
        }
    }
}

#[test]
fn a_usage_error_is_told_on_stdout_with_the_usage_on_stderr() {
    let bench = Bench::new();
    for (line, told) in [
        (&["latest"][..], "error: --project is missing\n"),
        (&["lates", "-p", "shop"], "error: unknown command `lates`\n"),
        (&["get", "-p", "shop", "-b", "x"], "error: invalid value 'x' for '--build <BUILD>'"),
        (&["latest", "-p", "shop", "--tag", "{}"], "error: unexpected argument '--tag' found"),
        (&["latest", "-p", "shop", "-t", "{"], "error: invalid value '{' for '--tags <JSON>'"),
        (&["create", "-p", "shop", "-v", "a", "-c", "lib"], "error: invalid value 'lib'"),
    ] {
        let ended = bench.run(line);
        assert_eq!(ended.code, Some(1), "{line:?}");
        assert!(ended.stdout.starts_with(told), "{ended:?}");
        assert!(ended.stderr.contains("Usage: artifact-db"), "{ended:?}");
        assert!(!ended.stdout.contains("Usage:"), "{ended:?}");
    }
}

#[test]
fn what_fails_at_aws_is_told_in_one_line_without_a_panic() {
    let bench = Bench::new();
    let ended = bench.run(&["latest", "-p", "shop", "--table", "Nowhere"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""));
    let told = "artifact-db: dynamodb:Query: there is no table Nowhere in us-east-1; ";
    assert!(ended.stderr.starts_with(told), "{ended:?}");
    assert!(ended.stderr.contains("--table-name Nowhere "), "{ended:?}");
    assert_eq!(ended.stderr.lines().count(), 1, "{ended:?}");
}

#[test]
fn missing_credentials_are_told() {
    let bench = Bench::new();
    let mut command = bench.command(&["latest", "-p", "shop"]);
    command.env_remove("AWS_ACCESS_KEY_ID").env("AWS_EC2_METADATA_DISABLED", "true");
    let ended = ended(command.output().unwrap());
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""));
    assert!(ended.stderr.contains("no AWS credentials"), "{ended:?}");
}

#[test]
fn an_endpoint_that_is_no_url_is_told() {
    let bench = Bench::new();
    let mut command = bench.command(&["latest", "-p", "shop"]);
    let ended = ended(command.env("AWS_ENDPOINT_URL", "localhost:4566").output().unwrap());
    assert_eq!(ended.code, Some(1));
    assert!(ended.stderr.contains("`localhost:4566` (AWS_ENDPOINT_URL), not a URL"), "{ended:?}");
}

#[test]
fn what_passes_is_tried_again() {
    const BUSY: &str = r#"{"__type":"com.amazon.coral.availability#ThrottlingException"}"#;
    const ITEM: &str =
        r#"{"Item":{"ProjectName":{"S":"shop"},"BuildNumber":{"N":"7"},"Value":{"S":"a"}}}"#;
    let canned = Canned::new(&[(400, BUSY), (500, "{}"), (200, ITEM)]);
    assert_eq!(run_at(canned.address, &["get", "-p", "shop", "-b", "7"]).output(), "a\n");
    assert_eq!(canned.requests().len(), 3);
}

#[test]
fn an_artifact_that_may_exist_although_its_answer_was_lost_is_told() {
    const LOST: (u16, &str) = (500, "{}");
    let canned = Canned::new(&[(200, r#"{"Items":[]}"#), LOST, LOST, LOST, LOST, LOST]);
    let ended = run_at(canned.address, &["create", "-p", "shop", "-v", "a"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""));
    assert!(ended.stderr.contains("build 1 of shop may exist now"), "{ended:?}");
    assert_eq!(canned.requests().len(), 6);
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_nobody_can_take_is_a_failure() {
    let bench = Bench::new();
    bench.put(("shop", 7), &[]);
    let mut command = bench.command(&["get", "-p", "shop", "-b", "7"]);
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let ended = ended(command.stdout(full).output().unwrap());
    assert_eq!(ended.code, Some(1));
    assert!(ended.stderr.contains("No space left"), "{ended:?}");
}
