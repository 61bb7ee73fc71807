//! Config files that can't be used. That each mistake in a file is told with its place, the library's
//! own tests show; here it is how the program tells a few of them.

use serde_json::{Value, json};

use super::case::Case;
use super::theme::Theme;

const EXAMPLE: &str = include_str!("../../../../../deploy-config.example.json");

/// The app's first container.
fn container(config: &mut Value) -> &mut Value {
    &mut config["Apps"]["shop"]["ContainerDefinitionTemplates"][0]
}

#[tokio::test]
async fn a_config_that_is_no_file_of_json_is_refused() {
    let mut theme = Theme::without_aws("config-file");
    std::fs::create_dir(theme.path("folder.json")).unwrap();
    theme.file("text.json", "Apps: shop\n");
    theme.file("cut.json", &EXAMPLE[..EXAMPLE.len() / 2]);
    theme.file("bom.json", format!("\u{feff}{EXAMPLE}"));
    theme.file("latin1.json", b"{\"ConfigRegion\": \"\xe9\"}");
    theme.file("huge.json", " ".repeat(5 << 20));
    theme
        .all(vec![
            Case::deploy("missing", "none.json", 2),
            Case::plan("missing-for-plan", "none.json", 2),
            Case::look("missing-for-status", "status", "none.json", 2),
            Case::look("missing-for-lock-status", "lock status", "none.json", 2),
            Case::deploy("folder", "folder.json", 2),
            Case::deploy("not-json", "text.json", 2),
            Case::deploy("cut", "cut.json", 2),
            Case::deploy("byte-order-mark", "bom.json", 2),
            Case::deploy("not-utf-8", "latin1.json", 2),
            Case::deploy("huge", "huge.json", 2),
        ])
        .await;
    theme.end();
}

#[tokio::test]
async fn a_config_that_says_what_cannot_be_is_refused_with_the_place() {
    let mut theme = Theme::without_aws("config");
    theme.config("type.json", |config| {
        config["Apps"]["shop"]["Environments"]["dev"]["CPU"] = json!(256);
    });
    theme.config("none.json", |config| {
        config["Apps"]["shop"]["ContainerDefinitionTemplates"] = json!([]);
    });
    theme.config("ports.json", |config| {
        container(config)["PortMappings"] = json!([{"containerPort": 80}, {"containerPort": 81}]);
    });
    theme.config("no-port.json", |config| container(config)["PortMappings"] = json!([]));
    theme.config("port.json", |config| {
        container(config)["PortMappings"] = json!([{"containerPort": 65536}]);
    });
    theme.config("template.json", |config| {
        container(config)["Image"] = json!("{{.Artefact.Value}}");
    });
    theme.config("condition.json", |config| {
        container(config)["Image"] = json!("{{if .Region}}a{{end}}");
    });
    let (shop, dev) = ("-app shop -env dev", "-sha 2b7f1c9 -config-sha 1a2b3c4d");
    let unknown =
        |name, target: &str| Case::new(name, &format!("-config deploy.json {target} {dev}"), 2);
    theme
        .all(vec![
            Case::deploy("wrong-type", "type.json", 2),
            Case::deploy("no-container", "none.json", 2),
            Case::deploy("two-port-mappings", "ports.json", 2),
            Case::deploy("no-port-mapping", "no-port.json", 2),
            Case::deploy("port-that-does-not-fit", "port.json", 2),
            Case::deploy("template-unknown-name", "template.json", 2),
            Case::deploy("template-condition", "condition.json", 2),
            unknown("unknown-app", "-app shopp -env dev"),
            unknown("unknown-environment", "-app shop -env def"),
            Case::new("unknown-app-for-status", "status -config deploy.json -app shopp", 2),
            Case::new("no-git", &format!("-config deploy.json {shop} -sha 2b7f1c9"), 2),
        ])
        .await;
    theme.end();
}
