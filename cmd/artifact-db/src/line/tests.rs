use super::*;

fn order(line: &str) -> Order {
    try_order(line).unwrap_or_else(|stop| panic!("{line}: {stop:?}"))
}

/// The words of a line are split at blanks.
fn try_order(line: &str) -> Result<Order, Stop> {
    parse(std::iter::once("artifact-db").chain(line.split_whitespace()).map(OsString::from))
}

fn refusal(line: &str) -> String {
    match try_order(line) {
        Err(Stop::Refused { error, usage }) => {
            assert!(usage.starts_with("Numbered builds"), "{usage}");
            error.to_string()
        }
        other => panic!("{line}: {other:?}"),
    }
}

#[test]
fn flags_stand_before_or_after_the_command_with_long_and_short_names() {
    let expected = order("tag set -p shop -b 7 -k SHA -v abc").work;
    for line in [
        "-p shop -b 7 tag set -k SHA -v abc",
        "tag -p shop set -b 7 -k SHA -v abc",
        "-p shop -b 7 -k SHA -v abc tag set",
        "tag set --project shop --build 7 --key SHA --value abc",
        "tag set --project=shop --build=7 --key=SHA --value=abc",
        "tag set -pshop -b=7 -kSHA -v=abc",
        "-p other tag set -p shop -b 7 -k SHA -v abc",
    ] {
        assert_eq!(order(line).work, expected, "{line}");
    }
}

#[test]
fn region_and_table_have_their_defaults() {
    let place = order("latest -p shop").place;
    assert_eq!((place.region.as_str(), place.table.as_str()), ("us-east-1", "ArtifactDB"));
    let place = order("--region us-gov-west-1 latest --table Other -p shop").place;
    assert_eq!((place.region.as_str(), place.table.as_str()), ("us-gov-west-1", "Other"));
}

#[test]
fn json_is_a_switch_that_may_be_bundled_or_switched_off() {
    let json = order("latest -p shop -j").work;
    for line in [
        "latest -jp shop",
        "-j latest -p shop",
        "--json=true latest -p shop",
        "latest -j=1 -p shop",
    ] {
        assert_eq!(order(line).work, json, "{line}");
    }
    assert_eq!(order("latest -p shop -j=false").work, order("latest -p shop").work);
    assert_ne!(order("latest -p shop").work, json);
}

#[test]
fn tags_are_a_json_object_of_strings() {
    let none = order("latest -p shop").work;
    for line in ["latest -p shop -t {}", "latest -p shop -t null", "latest -p shop --tags="] {
        assert_eq!(order(line).work, none, "{line}");
    }
    let empty = order(r#"latest -p shop -t {"SHA":""}"#).work;
    assert_eq!(order(r#"latest -p shop --tags {"SHA":null}"#).work, empty);
    assert_ne!(empty, none);
    for odd in ["{", "[]", r#"{"SHA":7}"#, r#"{"SHA":"a"}x"#] {
        assert!(refusal(&format!("latest -p shop -t {odd}")).contains("--tags <JSON>"), "{odd}");
    }
}

#[test]
fn a_value_may_begin_with_a_dash_or_be_empty() {
    assert_eq!(order("create -p shop -v -x").work, order("create -p shop --value=-x").work);
    order("create -p shop --value=");
}

#[test]
fn contained_artifacts_add_up_wherever_they_stand() {
    let both = order("create -p shop -v a -c base:1 -c lib:2").work;
    assert_eq!(order("-c base:1 create -p shop -v a --contained-artifact lib:2").work, both);
    for odd in ["base", "base:x", ":1", "base:"] {
        assert!(refusal(&format!("create -p shop -v a -c {odd}")).contains("PROJECT:BUILD"));
    }
}

#[test]
fn what_a_command_needs_is_asked_for() {
    for (line, flag) in [
        ("latest", "project"),
        ("get -p shop", "build"),
        ("get -b 7", "project"),
        ("create -p shop", "value"),
        ("tag set -p shop -b 7 -k SHA", "value"),
        ("tag set -p shop -b 7 -v abc", "key"),
        ("tag rm -p shop -b 7", "key"),
        ("tag rm -p shop -b 7 --key=", "key"),
    ] {
        assert_eq!(refusal(line), format!("error: --{flag} is missing"), "{line}");
    }
}

#[test]
fn what_a_command_would_ignore_is_refused() {
    for (line, expected) in [
        ("create -p shop -v a -b 7", "error: `create` takes no --build"),
        ("latest -p shop -b 7", "error: `latest` takes no --build"),
        ("get -p shop -b 7 -t {}", "error: `get` takes no --tags"),
        ("tag rm -p shop -b 7 -k SHA -v abc", "error: `tag rm` takes no --value"),
        ("tag set -p shop -b 7 -k SHA -v abc -j", "error: `tag set` takes no --json"),
        ("latest -p shop -c base:1", "error: `latest` takes no --contained-artifact"),
    ] {
        assert_eq!(refusal(line), expected, "{line}");
    }
}

#[test]
fn what_means_nothing_is_refused() {
    assert_eq!(refusal("lates -p shop"), "error: unknown command `lates`");
    assert_eq!(refusal("tag get -p shop"), "error: unknown command `tag get`");
    assert_eq!(refusal("latest shop"), "error: unknown command `latest shop`");
    assert!(refusal("latest --projct shop").contains("'--projct'"));
    assert!(refusal("latest -p").contains("--project"));
    assert!(refusal("get -p shop -b seven").contains("expected a whole number"));
    assert!(refusal("latest -p shop --region nowhere").contains("us-east-1"));
    assert!(!refusal("latest -x").contains("Usage:"));
}

#[test]
fn without_a_command_there_is_help() {
    for line in ["", "tag", "--region us-east-1", "help", "help latest", "-h", "latest --help"] {
        match try_order(line) {
            Err(Stop::Told(help)) => assert!(help.contains("tag set  set one tag"), "{help}"),
            other => panic!("{line}: {other:?}"),
        }
    }
}
