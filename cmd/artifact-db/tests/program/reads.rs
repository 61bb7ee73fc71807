use ecs_deploy_sandbox::model::dynamo::AttributeValue;

use crate::bench::{Bench, list, map, run_at};
use crate::canned::Canned;

fn sha(sha: &str) -> AttributeValue {
    map(&[("SHA", sha)])
}

#[test]
fn latest_prints_the_value_of_the_highest_build_that_has_every_tag() {
    let bench = Bench::new();
    bench.put(("shop", 9), &[("Tags", map(&[("SHA", "abc"), ("ForAutomatedDeploy", "true")]))]);
    bench.put(("shop", 10), &[("Tags", sha("abc"))]);
    bench.put(("shop", 11), &[("Tags", AttributeValue::Null)]);
    bench.put(("shopping", 99), &[("Tags", sha("abc"))]);
    let latest = |tags| bench.output(&["latest", "-p", "shop", "-t", tags]);
    assert_eq!(latest(r#"{"SHA":"abc"}"#), "shop:10\n");
    assert_eq!(latest(r#"{"SHA":"abc","ForAutomatedDeploy":"true"}"#), "shop:9\n");
    assert_eq!(latest(r#"{"SHA":""}"#), "shop:11\n");
    assert_eq!(latest("{}"), "shop:11\n");
    assert_eq!(bench.output(&["latest", "-p", "shop"]), "shop:11\n");
}

#[test]
fn latest_prints_nothing_where_no_build_fits() {
    let bench = Bench::new();
    assert_eq!(bench.output(&["latest", "-p", "shop"]), "");
    bench.put(("shop", 1), &[("Tags", sha("abc"))]);
    assert_eq!(bench.output(&["latest", "-p", "shop", "-j", "-t", r#"{"SHA":"x"}"#]), "");
}

#[test]
fn json_has_the_order_indentation_and_escapes_that_scripts_know() {
    let bench = Bench::new();
    bench.put(
        ("shop", 7),
        &[
            ("Value", "shop:<a>&b\u{2028}é\"\\".into()),
            ("Tags", map(&[("z", "2"), ("SHA", "a&b"), ("A<B", "")])),
            ("ContainedArtifacts", AttributeValue::Null),
            ("Extra", "ignored".into()),
        ],
    );
    let expected = r#"{
    "ProjectName": "shop",
    "BuildNumber": 7,
    "Value": "shop:\u003ca\u003e\u0026b\u2028é\"\\",
    "Tags": {
        "A\u003cB": "",
        "SHA": "a\u0026b",
        "z": "2"
    },
    "ContainedArtifacts": null
}
"#;
    assert_eq!(bench.output(&["get", "-p", "shop", "-b", "7", "-j"]), expected);
    // The very call that the deploy program makes.
    let tags = r#"{"SHA":"a&b"}"#;
    let line = ["--region", "us-east-1", "latest", "-p", "shop", "-j", "-t", tags];
    assert_eq!(bench.output(&line), expected);
}

#[test]
fn tags_and_contents_that_are_absent_or_null_or_empty_are_null() {
    let bench = Bench::new();
    bench.put(("shop", 1), &[]);
    bench.put(
        ("shop", 2),
        &[("Tags", AttributeValue::Null), ("ContainedArtifacts", AttributeValue::Null)],
    );
    bench.put(("shop", 3), &[("Tags", map(&[])), ("ContainedArtifacts", list(&[]))]);
    for build in ["1", "2", "3"] {
        let json = bench.output(&["get", "--project", "shop", "--build", build, "--json"]);
        let end = "    \"Tags\": null,\n    \"ContainedArtifacts\": null\n}\n";
        assert!(json.ends_with(end), "{json}");
    }
}

#[test]
fn contained_artifacts_are_printed_in_full_through_all_depths() {
    let bench = Bench::new();
    bench.put(("lib", 3), &[("Tags", sha("abc"))]);
    bench.put(("base", 2), &[("ContainedArtifacts", list(&["lib:3"]))]);
    bench.put(("shop", 1), &[("ContainedArtifacts", list(&["base:2", "lib:3"]))]);
    let lib = |indent: &str| {
        format!(
            r#"{{
{indent}    "ProjectName": "lib",
{indent}    "BuildNumber": 3,
{indent}    "Value": "lib:3",
{indent}    "Tags": {{
{indent}        "SHA": "abc"
{indent}    }},
{indent}    "ContainedArtifacts": null
{indent}}}"#
        )
    };
    let expected = format!(
        r#"{{
    "ProjectName": "shop",
    "BuildNumber": 1,
    "Value": "shop:1",
    "Tags": null,
    "ContainedArtifacts": [
        {{
            "ProjectName": "base",
            "BuildNumber": 2,
            "Value": "base:2",
            "Tags": null,
            "ContainedArtifacts": [
                {}
            ]
        }},
        {}
    ]
}}
"#,
        lib("                "),
        lib("        ")
    );
    assert_eq!(bench.output(&["latest", "-p", "shop", "-j"]), expected);
    assert_eq!(bench.output(&["latest", "-p", "shop"]), "shop:1\n");
}

#[test]
fn contents_that_are_missing_or_go_round_in_a_circle_are_told() {
    let bench = Bench::new();
    bench.put(("shop", 1), &[("ContainedArtifacts", list(&["lib:3"]))]);
    bench.put(("ring", 1), &[("ContainedArtifacts", list(&["ring:2"]))]);
    bench.put(("ring", 2), &[("ContainedArtifacts", list(&["ring:1"]))]);
    for (project, said) in [
        ("shop", "shop:1 contains lib:3, which does not exist"),
        ("ring", "ring:1 contains itself"),
    ] {
        let ended = bench.run(&["get", "-p", project, "-b", "1", "-j"]);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""));
        assert_eq!(ended.stderr, format!("artifact-db: {said}\n"));
        assert_eq!(bench.output(&["get", "-p", project, "-b", "1"]), format!("{project}:1\n"));
    }
}

#[test]
fn get_fails_where_the_build_is_missing() {
    let bench = Bench::new();
    bench.put(("shop", 7), &[]);
    assert_eq!(bench.output(&["get", "-p", "shop", "-b", "7"]), "shop:7\n");
    let ended = bench.run(&["get", "-p", "shop", "-b", "8"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""));
    assert_eq!(ended.stderr, "artifact-db: there is no build 8 of shop\n");
}

#[test]
fn another_region_or_table_is_asked_where_one_is_named() {
    let bench = Bench::new();
    bench.add_table("us-gov-west-1", "ArtifactDB");
    bench.add_table("us-east-1", "Other");
    bench.output(&["create", "--region", "us-gov-west-1", "-p", "shop", "-v", "gov"]);
    bench.output(&["--table", "Other", "create", "-p", "shop", "-v", "other"]);
    let latest = |place: [&str; 2]| bench.output(&["latest", "-p", "shop", place[0], place[1]]);
    assert_eq!(latest(["--region", "us-gov-west-1"]), "gov\n");
    assert_eq!(latest(["--table", "Other"]), "other\n");
    assert_eq!(bench.row(("shop", 1)), None);
}

#[test]
fn reads_are_consistent() {
    let canned = Canned::new(&[(200, r#"{"Items":[],"Count":0}"#)]);
    assert_eq!(run_at(canned.address, &["latest", "-p", "shop"]).output(), "");
    let query = &canned.requests()[0];
    assert!(query.contains(r#""ConsistentRead":true"#), "{query}");
    let canned = Canned::new(&[(200, "{}")]);
    assert_eq!(run_at(canned.address, &["get", "-p", "shop", "-b", "7"]).code, Some(1));
    let get = &canned.requests()[0];
    assert!(get.contains(r#""ConsistentRead":true"#), "{get}");
}

#[test]
fn latest_reads_page_by_page_from_above_and_no_further_than_the_first_that_fits() {
    let canned = Canned::new(&[
        (
            200,
            r#"{"Items":[{"ProjectName":{"S":"shop"},"BuildNumber":{"N":"9"},"Value":{"S":"no"}}],
            "LastEvaluatedKey":{"ProjectName":{"S":"shop"},"BuildNumber":{"N":"9"}}}"#,
        ),
        (
            200,
            r#"{"Items":[{"ProjectName":{"S":"shop"},"BuildNumber":{"N":"8"},"Value":{"S":"yes"},
            "Tags":{"M":{"SHA":{"S":"abc"}}}}],
            "LastEvaluatedKey":{"ProjectName":{"S":"shop"},"BuildNumber":{"N":"8"}}}"#,
        ),
    ]);
    let line = ["latest", "-p", "shop", "-t", r#"{"SHA":"abc"}"#];
    assert_eq!(run_at(canned.address, &line).output(), "yes\n");
    let requests = canned.requests();
    assert!(requests[0].contains(r#""ScanIndexForward":false"#), "{requests:?}");
    assert!(requests[1].contains(r#""ExclusiveStartKey""#), "{requests:?}");
}
