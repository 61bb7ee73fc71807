//! A template: any text renders or tells why not, and one without braces renders as it is.
#![no_main]

use ecs_deploy::config::{Config, TemplateValues};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

const CONFIG: &str = include_str!("../../../../fixtures/one-account.json");

fuzz_target!(|text: &str| {
    let mut config: Value = serde_json::from_str(CONFIG).unwrap();
    let container = &mut config["Apps"]["shop"]["ContainerDefinitionTemplates"][0];
    container["Environment"] = serde_json::json!([{"Name": "TEXT", "Value": text}]);
    let Ok(config) = Config::parse(&config.to_string(), "deploy-config.json") else { return };
    let Ok(target) = config.target("shop", "dev") else { return };
    let Ok(rendered) = target.render(&TemplateValues::default()) else { return };
    if !text.contains("{{") {
        assert_eq!(rendered.containers[0]["environment"][0]["value"], text);
    }
});
