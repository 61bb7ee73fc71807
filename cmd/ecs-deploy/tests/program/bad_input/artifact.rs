//! Builds that can't be deployed.

use serde_json::json;

use super::case::Case;
use super::theme::Theme;
use crate::support::{Call, Fate};

fn no_table(call: &Call) -> Fate {
    match call.body.contains("ArtifactDB") {
        true => call.refused("ResourceNotFound", "Requested resource not found"),
        false => Fate::Passes,
    }
}

#[tokio::test]
async fn a_build_that_cannot_be_deployed_is_refused_before_the_lock() {
    let mut theme = Theme::new("artifact").await;
    theme.config("no-builds.json", |config| {
        config["Apps"]["shop"]["ArtifactDBProjectName"] = json!("shopp");
    });
    theme.config("gated.json", |config| {
        let environments = &mut config["Apps"]["shop"]["Environments"];
        environments["test"] = environments["dev"].clone();
        environments["dev"]["RequiresPreviousEnvDeploy"] = json!("test");
    });
    theme.config("tag.json", |config| {
        let container = &mut config["Apps"]["shop"]["ContainerDefinitionTemplates"][0];
        container["Image"] = json!("shop:{{.Artifact.Tags.VERSION}}");
    });
    theme.config("name.json", |config| {
        let container = &mut config["Apps"]["shop"]["ContainerDefinitionTemplates"][0];
        container["Name"] = json!("shop {{.Environment}}");
    });
    theme.config("elsewhere.json", |config| config["ConfigRegion"] = json!("eu-central-1"));
    let unknown = "-config deploy.json -app shop -env dev -sha 0000000 -config-sha 1a2b3c4d";
    theme
        .all(vec![
            Case::new("unknown-sha", unknown, 2),
            Case::new("unknown-sha-for-plan", &format!("plan {unknown}"), 2),
            Case::deploy("project-without-builds", "no-builds.json", 2),
            Case::deploy("previous-environment", "gated.json", 4),
            Case::plan("previous-environment-for-plan", "gated.json", 4),
            Case::deploy("tag-that-a-template-names", "tag.json", 2),
            Case::deploy("container-name-that-does-not-fit", "name.json", 2),
            Case::deploy("table-missing", "elsewhere.json", 2),
            Case::plan("table-missing-for-plan", "elsewhere.json", 2),
            Case::look("table-missing-for-status", "status", "deploy.json", 1).meddled(no_table),
        ])
        .await;
    theme.end();
}
