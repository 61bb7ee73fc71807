mod go;

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::names::{BuildNumber, Color, TaskDefinitionArn};

const EXAMPLE: &str = include_str!("../../../../deploy-config.example.json");

pub(super) fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/config")
}

/// Compares with a file that `BLESS=1` writes anew.
pub(super) fn assert_snapshot(file: PathBuf, found: &str) {
    if std::env::var_os("BLESS").is_some() {
        fs::write(&file, found).unwrap();
    }
    let expected = fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(found, expected, "{}; BLESS=1 rewrites it", file.display());
}

pub(super) fn values() -> TemplateValues {
    let tags = [
        ("SHA", "abc"),
        ("NAME", "shop"),
        ("EMPTY", ""),
        ("NOTE", "\",\"x\":\"{{.}}"),
        ("envoy-digest", "sha256:1"),
    ];
    TemplateValues {
        value: String::from("shop:abc"),
        build_number: BuildNumber(7),
        tags: tags.map(|(k, v)| (k.to_owned(), v.to_owned())).into(),
    }
}

fn task_definition() -> TaskDefinitionArn {
    "arn:aws:ecs:us-east-1:222222222222:task-definition/shop-dev:3".parse().unwrap()
}

fn read_and_render(text: &str, origin: &str) -> Result<Rendered, ConfigError> {
    Config::parse(text, origin)?.target("shop", "dev")?.render(&values())
}

#[test]
fn each_invalid_file_is_refused_with_its_message() {
    let mut count = 0;
    for entry in fs::read_dir(fixtures().join("invalid")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let name = path.file_name().unwrap().to_string_lossy();
            let text = fs::read_to_string(&path).unwrap();
            let error = read_and_render(&text, &name).expect_err(&name);
            assert_snapshot(path.with_extension("txt"), &format!("{error}\n"));
            count += 1;
        }
    }
    assert!(count > 50, "only {count} files");
}

#[test]
fn odd_files_are_read_as_go_reads_them_and_warned_about() {
    let text = fs::read_to_string(fixtures().join("odd.json")).unwrap();
    let config = Config::parse(&text, "odd.json").unwrap();
    let mut warnings = String::new();
    for warning in config.warnings() {
        writeln!(warnings, "{warning}").unwrap();
    }
    assert_snapshot(fixtures().join("odd.txt"), &warnings);
    let target = config.target("shop", "dev").unwrap();
    assert_eq!((target.cpu.as_str(), target.memory.as_str()), ("512", "1 GB"));
    assert_eq!((target.task_role.as_str(), target.execution_role.as_str()), ("", "ecs"));
    assert_eq!(target.artifact_project, Some("shop".parse().unwrap()));
    assert_ne!(target.target_groups[Color::Blue], target.target_groups[Color::Green]);
    let containers = target.render(&values()).unwrap().containers;
    let expected = serde_json::json!([{
        "name": "shop", "image": "shop:abc", "portMappings": [{"containerPort": 8080}],
        "logConfiguration": {"logDriver": "awslogs", "options": {
            "awslogs-group": "b", "Mode": "x",
            "awslogs-region": "us-east-1", "awslogs-stream-prefix": "shop",
        }},
    }]);
    assert_eq!(serde_json::Value::from(containers), expected);
}

#[test]
fn a_real_file_becomes_the_request_that_ecs_expects() {
    let config = read(&fixtures().join("real.json")).unwrap();
    assert_eq!(config.warnings(), []);
    let target = config.target("claims", "staging").unwrap();
    assert_eq!(target.requires_previous_env, None);
    assert_eq!(target.lock_key(), "claims-staging");
    assert_eq!(target.rollout_timeout, Duration::from_secs(300));
    let rendered = target.render(&values()).unwrap();
    assert_eq!(rendered.container_name.as_str(), "claims-staging");
    assert_eq!(rendered.container_port, 9000);
    assert_eq!(rendered.pre[0].program, "./migrate");
    assert_eq!(rendered.pre[0].arguments, ["-env=staging", "444444444444"]);
    let json = serde_json::to_string_pretty(&rendered.containers).unwrap();
    assert_snapshot(fixtures().join("real.containers.json"), &(json + "\n"));
    let post = target.render_post(&values(), &task_definition()).unwrap();
    assert_eq!(post[0].arguments, ["shop-dev:3"]);
}

#[test]
fn the_example_can_be_deployed_and_has_nothing_odd() {
    let config = Config::parse(EXAMPLE, "example").unwrap();
    assert_eq!(config.warnings(), []);
    let names: Vec<String> = config.environments().map(|(a, e)| format!("{a} {e}")).collect();
    assert_eq!(names, ["shop dev", "shop prod"]);
    let dev = config.target("shop", "dev").unwrap();
    assert_eq!(dev.rollout_timeout, Duration::from_secs(20));
    assert_eq!(dev.render(&values()).unwrap().containers.len(), 1);
    let prod = config.target("shop", "prod").unwrap();
    assert_eq!(prod.requires_previous_env.as_ref(), Some(&dev.environment));
}

#[test]
fn an_environments_deployment_replaces_the_apps() {
    let own =
        r#""Deployment": {"RolloutTimeout": "20s", "CommandTimeout": "1m", "SettleTime": "2s"}"#;
    let text = EXAMPLE.replace(own, r#""Deployment": {"RolloutTimeout": "30s"}"#).replacen(
        r#""Environments": {"#,
        r#""Deployment": {"CommandTimeout": "9s"}, "Environments": {"#,
        1,
    );
    let target = Config::parse(&text, "test").unwrap().target("shop", "dev").unwrap();
    assert_eq!(target.rollout_timeout, Duration::from_secs(30));
    assert_eq!(target.command_timeout, Duration::from_secs(300));
    let without =
        text.replace(r#""Deployment": {"RolloutTimeout": "30s"}"#, r#""Deployment": null"#);
    let target = Config::parse(&without, "test").unwrap().target("shop", "dev").unwrap();
    assert_eq!(target.command_timeout, Duration::from_secs(9));
}

#[test]
fn what_is_no_readable_file_is_refused() {
    let folder = tempfile::TempDir::new().unwrap();
    let problem = |path: PathBuf| read(&path).unwrap_err().problem;
    assert!(matches!(*problem(folder.path().into()), Problem::Folder));
    let file = folder.path().join("config.json");
    assert!(matches!(*problem(file.clone()), Problem::Absent { folder: None }));
    fs::write(&file, b"{\"\xff\": 1}").unwrap();
    assert!(matches!(*problem(file.clone()), Problem::NotText));
    fs::write(&file, " ".repeat(5 << 20)).unwrap();
    assert!(matches!(*problem(file), Problem::TooLarge { .. }));
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    assert!(matches!(*Config::parse(&deep, "deep").unwrap_err().problem, Problem::Syntax(_)));
}

#[test]
fn debug_output_has_no_text_of_the_containers() {
    let text = EXAMPLE.replace("{{.Artifact.Tags.SHA}}", "hunter2");
    let config = Config::parse(&text, "test").unwrap();
    let target = config.target("shop", "dev").unwrap();
    let rendered = target.render(&values()).unwrap();
    assert!(!format!("{config:?}{target:?}{rendered:?}").contains("hunter2"));
}

/// The shape of a value: everything but the texts in it.
fn skeleton(value: &serde_json::Value) -> serde_json::Value {
    match value {
        serde_json::Value::String(_) => "".into(),
        serde_json::Value::Array(all) => all.iter().map(skeleton).collect(),
        serde_json::Value::Object(all) => {
            all.iter().map(|(k, v)| (k.clone(), skeleton(v))).collect()
        }
        other => other.clone(),
    }
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(
        text in "([\\[\\]{}:,]|\"Apps\"|\"shop\"|\"Environments\"|\"dev\"|\"CPU\"|null|1|.){0,40}",
        cut in 0..EXAMPLE.len(),
    ) {
        let _ = read_and_render(&text, "test");
        let spliced = format!("{}{text}{}", &EXAMPLE[..cut], &EXAMPLE[cut..]);
        let _ = read_and_render(&spliced, "test");
    }

    #[test]
    fn no_value_changes_the_structure(value in ".+", tag in any::<String>()) {
        let target = Config::parse(EXAMPLE, "test").unwrap().target("shop", "dev").unwrap();
        let usual = target.render(&values()).unwrap();
        let tags = [(String::from("SHA"), tag.clone())].into();
        let odd = target.render(&TemplateValues { value: value.clone(), tags, ..values() }).unwrap();
        let skeletons = |r: &Rendered| r.containers.iter().map(skeleton).collect::<Vec<_>>();
        prop_assert_eq!(skeletons(&odd), skeletons(&usual));
        prop_assert_eq!(&odd.containers[0]["image"], &value);
        prop_assert_eq!(&odd.containers[0]["environment"][3]["value"], &tag);
    }
}

#[test]
fn every_member_of_a_later_version_is_refused() {
    let of_a_deployment = [
        "Checks",
        "Hooks",
        "Strategy",
        "BakeTime",
        "BakeChecks",
        "AlarmNames",
        "Max5xxPercent",
        "OnFailure",
        "FailedTaskSet",
        "OldTaskSet",
        "AutoScaling",
    ];
    let text = std::fs::read_to_string(fixtures().join("../one-account.json")).unwrap();
    let config: serde_json::Value = serde_json::from_str(&text).unwrap();
    let refused = |place: &str, member: &str| {
        let mut config = config.clone();
        config.pointer_mut(place).unwrap()[member] = "x".into();
        let error = Config::parse(&config.to_string(), "later.json").unwrap_err().to_string();
        assert!(error.contains(member) && error.contains("not supported"), "{error}");
    };
    for member in of_a_deployment {
        refused("/Apps/shop/Environments/dev/Deployment", member);
    }
    refused("/Apps/shop", "RequiresTags");
    refused("/Apps/shop/Environments/dev", "RequiresTags");
}
