use ecs_deploy_sandbox::model::dynamo::AttributeValue;

use crate::bench::{Bench, list, map};

#[test]
fn a_tag_is_set_and_replaced_beside_the_others() {
    let bench = Bench::new();
    bench.put(("shop", 7), &[("Tags", map(&[("SHA", "abc")]))]);
    // The very call that the deploy program makes.
    let before = ["--region", "us-east-1", "-p", "shop", "-b", "7", "tag", "set"];
    for value in ["started", "success"] {
        let line = [&before[..], &["-k", "deploy-dev-1a2b3c4d", "-v", value]].concat();
        assert_eq!(bench.output(&line), "");
        let expected = map(&[("SHA", "abc"), ("deploy-dev-1a2b3c4d", value)]);
        assert_eq!(bench.row(("shop", 7)).unwrap()["Tags"], expected);
    }
}

#[test]
fn a_build_without_tags_gets_its_first_and_keeps_the_rest_of_its_row() {
    let bench = Bench::new();
    let contained = ("ContainedArtifacts", list(&["lib:3"]));
    bench.put(("shop", 1), &[("Tags", AttributeValue::Null), contained.clone()]);
    bench.put(("shop", 2), std::slice::from_ref(&contained));
    for build in [1, 2] {
        let number = build.to_string();
        let line = ["tag", "set", "-p", "shop", "-b", &number, "-k", "a.b c", "-v", ""];
        assert_eq!(bench.output(&line), "");
        let row = bench.row(("shop", build)).unwrap();
        assert_eq!(row["Tags"], map(&[("a.b c", "")]));
        assert_eq!(row["ContainedArtifacts"], contained.1);
    }
}

#[test]
fn a_tag_is_removed_and_one_that_is_missing_is_gone_already() {
    let bench = Bench::new();
    bench.put(("shop", 1), &[("Tags", map(&[("SHA", "abc"), ("Kind", "a")]))]);
    bench.put(("shop", 2), &[("Tags", AttributeValue::Null)]);
    bench.put(("shop", 3), &[]);
    for build in ["1", "1", "2", "3"] {
        let line = ["tag", "rm", "--project", "shop", "--build", build, "--key", "Kind"];
        assert_eq!(bench.output(&line), "");
    }
    assert_eq!(bench.row(("shop", 1)).unwrap()["Tags"], map(&[("SHA", "abc")]));
    assert_eq!(bench.row(("shop", 2)).unwrap()["Tags"], AttributeValue::Null);
    assert_eq!(bench.row(("shop", 3)).unwrap().get("Tags"), None);
}

#[test]
fn a_missing_build_is_told_and_not_tagged_into_being() {
    let bench = Bench::new();
    for line in [
        &["tag", "set", "-p", "shop", "-b", "5", "-k", "a", "-v", "b"][..],
        &["tag", "rm", "-p", "shop", "-b", "5", "-k", "a"],
    ] {
        let ended = bench.run(line);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""), "{line:?}");
        assert!(ended.stderr.contains("ArtifactDB has no build 5 of shop"), "{ended:?}");
        assert_eq!(bench.row(("shop", 5)), None);
    }
}
