//! Command lines that can't be followed, and what only the config makes wrong about one.

use serde_json::json;

use super::case::Case;
use super::theme::Theme;

#[tokio::test]
async fn a_command_line_that_makes_no_sense_is_refused_before_anything_is_asked() {
    let mut theme = Theme::without_aws("line");
    theme.config("no-project.json", |config| {
        config["Apps"]["shop"].as_object_mut().unwrap().remove("ArtifactDBProjectName");
        config["Apps"]["shop"]["ContainerDefinitionTemplates"][0]["Environment"] = json!([]);
    });
    let target = "-config deploy.json -app shop -env dev -config-sha 1a2b3c4d";
    theme
        .all(vec![
            Case::deploy("resume-with-start-over", "deploy.json", 2).with("-resume -start-over"),
            Case::deploy("unknown-flag", "deploy.json", 2).with("-resum"),
            Case::new("nothing-given", "", 2),
            Case::new("image-of-an-app-with-builds", &format!("{target} -image r/shop:7"), 2),
            Case::deploy("sha-of-an-app-without-builds", "no-project.json", 2),
        ])
        .await;
    theme.end();
}
