use std::collections::BTreeSet;
use std::process::Stdio;

use ecs_deploy_sandbox::model::dynamo::AttributeValue;

use crate::bench::{Bench, ended, list, map};

#[test]
fn create_stores_the_next_build_and_prints_nothing() {
    let bench = Bench::new();
    let tags = r#"{"SHA":"abc","ForAutomatedDeploy":"true"}"#;
    assert_eq!(bench.output(&["create", "-p", "shop", "-v", "shop:abc", "-t", tags]), "");
    let row = bench.row(("shop", 1)).unwrap();
    assert_eq!(
        row.keys().collect::<Vec<_>>(),
        ["BuildNumber", "ContainedArtifacts", "ProjectName", "Tags", "Value"]
    );
    assert_eq!(row["Value"], "shop:abc".into());
    assert_eq!(row["Tags"], map(&[("SHA", "abc"), ("ForAutomatedDeploy", "true")]));
    assert_eq!(row["ContainedArtifacts"], AttributeValue::Null);
    bench.put(("shop", 41), &[]);
    assert_eq!(bench.output(&["create", "--project=shop", "--value=shop:def"]), "");
    assert_eq!(bench.row(("shop", 42)).unwrap()["Value"], "shop:def".into());
}

#[test]
fn no_tags_are_stored_as_null() {
    let bench = Bench::new();
    for line in
        [&["create", "-p", "shop", "-v", "a"][..], &["create", "-p", "shop", "-v", "b", "-t", "{}"]]
    {
        bench.output(line);
    }
    for build in [1, 2] {
        assert_eq!(bench.row(("shop", build)).unwrap()["Tags"], AttributeValue::Null);
    }
}

#[test]
fn contained_artifacts_are_stored_and_must_exist() {
    let bench = Bench::new();
    bench.put(("base", 2), &[]);
    bench.put(("lib", 3), &[]);
    let create = ["create", "-p", "shop", "-v", "a", "-c", "base:2"];
    bench.output(&[&create[..], &["--contained-artifact", "lib:3"]].concat());
    let row = bench.row(("shop", 1)).unwrap();
    assert_eq!(row["ContainedArtifacts"], list(&["base:2", "lib:3"]));
    let ended = bench.run(&[&create[..], &["-c", "lib:4"]].concat());
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""));
    assert!(ended.stderr.contains("ArtifactDB has no build 4 of lib"), "{ended:?}");
    assert_eq!(bench.row(("shop", 2)), None);
}

#[test]
fn create_refuses_a_build_number() {
    let bench = Bench::new();
    let ended = bench.run(&["create", "-p", "shop", "-v", "a", "-b", "7"]);
    assert_eq!(
        (ended.code, ended.stdout.as_str()),
        (Some(1), "error: `create` takes no --build\n")
    );
    assert_eq!(bench.row(("shop", 1)), None);
}

#[test]
fn concurrent_creates_each_get_a_number() {
    const CREATES: u64 = 20;
    let bench = Bench::new();
    let start = |n: u64| {
        let value = format!("shop:{n}");
        let mut command = bench.command(&["create", "-p", "shop", "-v", &value]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let running: Vec<_> = (1..=CREATES).map(start).collect();
    for child in running {
        assert_eq!(ended(child.wait_with_output().unwrap()).output(), "");
    }
    let value = |build| bench.row(("shop", build)).expect("no number is left out")["Value"].clone();
    let stored: Vec<AttributeValue> = (1..=CREATES).map(value).collect();
    let stored: BTreeSet<_> = stored.iter().map(|value| format!("{value:?}")).collect();
    assert_eq!(stored.len() as u64, CREATES);
    assert_eq!(bench.row(("shop", CREATES + 1)), None);
}
