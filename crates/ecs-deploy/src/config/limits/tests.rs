//! Each rule with what it refuses and a neighbour that AWS takes.

mod containers;
mod fargate;
mod tasks;

use std::fs;

use serde_json::{Value, json};

use crate::config::error::{ConfigError, Problem};
use crate::config::tests::{fixtures, values};
use crate::config::{Config, Rendered};

const CONFIG: &str = include_str!("../../../../../fixtures/config/limits.json");

/// A member with a value that AWS refuses and one that it takes, where the message says that the
/// mistake is, and words of it.
type Row = (&'static str, Value, Value, &'static str, &'static str);

/// Part of the config: its JSON pointer, and its path in messages.
struct Root(&'static str, &'static str);

const CONTAINER: Root =
    Root("/Apps/shop/ContainerDefinitionTemplates/0", "Apps.shop.ContainerDefinitionTemplates[0]");
const SIDECAR: Root =
    Root("/Apps/shop/ContainerDefinitionTemplates/1", "Apps.shop.ContainerDefinitionTemplates[1]");
const APP: Root = Root("/Apps/shop", "Apps.shop");
const ENVIRONMENT: Root = Root("/Apps/shop/Environments/dev", "Apps.shop.Environments.dev");

/// The config with another value of a member; `null` leaves it out.
fn config_with(root: &Root, member: &str, value: &Value) -> Value {
    let mut config: Value = serde_json::from_str(CONFIG).unwrap();
    let pointer = format!("{}/{member}", root.0);
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    config.pointer_mut(parent).unwrap()[name] = value.clone();
    config
}

fn render(config: &Value) -> Result<Rendered, ConfigError> {
    Config::parse(&config.to_string(), "limits.json")?.target("shop", "dev")?.render(&values())
}

/// Why AWS would refuse it, and where.
fn refusal(config: &Value) -> (String, String) {
    let error = render(config).map(|_| ()).expect_err(&config.to_string());
    let (Problem::RefusedByAws(why), Some(place)) = (*error.problem, error.place) else {
        panic!("another problem");
    };
    (place.path, why)
}

fn assert_limits(root: &Root, rows: &[Row]) {
    for (member, refused, taken, path, words) in rows {
        let (at, why) = refusal(&config_with(root, member, refused));
        assert_eq!(at, format!("{}{path}", root.1), "{member}: {why}");
        assert!(why.contains(words), "{member} = {refused}: {why}");
        assert!(!why.contains("hunter2"), "{why}");
        if let Err(error) = render(&config_with(root, member, taken)) {
            panic!("{member} = {taken}: {error}");
        }
    }
}

#[test]
fn what_the_rules_are_tried_on_is_taken() {
    render(&serde_json::from_str(CONFIG).unwrap()).unwrap();
}

#[test]
fn configs_as_teams_write_them_are_taken() {
    let mut count = 0;
    for entry in fs::read_dir(fixtures().join("../real-life")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let config = crate::config::read(&path).unwrap();
            for (app, environment) in config.environments() {
                let target = config.target(app.as_str(), environment.as_str()).unwrap();
                let rendered = target.render(&values());
                rendered.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                count += 1;
            }
        }
    }
    assert!(count > 5, "only {count} environments");
}

#[test]
fn all_that_aws_would_refuse_is_told_at_once() {
    let mut config = config_with(&ENVIRONMENT, "CPU", &json!("300"));
    config["Apps"]["shop"]["ContainerDefinitionTemplates"][0]["StopTimeout"] = 121.into();
    let (at, why) = refusal(&config);
    assert_eq!(at, "Apps.shop.Environments.dev.CPU");
    let other = "; also Apps.shop.ContainerDefinitionTemplates[0].stopTimeout: it is 121";
    assert!(why.contains(other), "{why}");
}

#[test]
fn a_place_is_told_with_its_line_and_column() {
    let config = CONFIG.replace(r#""CPU": "256""#, r#""CPU": "257""#);
    let error = Config::parse(&config, "limits.json").unwrap().target("shop", "dev").unwrap();
    let error = error.render(&values()).unwrap_err().to_string();
    let expected =
        "limits.json:35:18: Apps.shop.Environments.dev.CPU: AWS would refuse it: Fargate";
    assert!(error.starts_with(expected), "{error}");
}

#[test]
fn a_place_is_that_of_the_last_of_repeated_members_and_the_one_of_the_environment() {
    let twice = r#""CPU": "256", "cpu": "257""#;
    let config = CONFIG.replace(r#""CPU": "256""#, twice);
    let target = Config::parse(&config, "limits.json").unwrap().target("shop", "dev").unwrap();
    assert_eq!(target.render(&values()).unwrap_err().place.unwrap().column, 32);
    let storage = json!({"EphemeralStorage": {"SizeInGiB": 1}, "Volumes": [{"Name": "data"}]});
    let (at, _) = refusal(&config_with(&ENVIRONMENT, "TaskDefinition", &storage));
    assert_eq!(at, "Apps.shop.Environments.dev.TaskDefinition.ephemeralStorage.sizeInGiB");
    let (at, _) = refusal(&config_with(&APP, "TaskDefinition", &storage));
    assert_eq!(at, "Apps.shop.TaskDefinition.ephemeralStorage.sizeInGiB");
}

#[test]
fn what_is_hidden_from_messages_is_hidden_with_a_config_that_aws_would_refuse_as_well() {
    let config = config_with(&ENVIRONMENT, "CPU", &json!("300"));
    let config = config.to_string().replace("hunter2", "correct horse");
    let target = Config::parse(&config, "limits.json").unwrap().target("shop", "dev").unwrap();
    let said = target.hide(&values(), "no such secret: /shop/correct horse");
    assert_eq!(said, "no such secret: (hidden: TOKEN)");
}
