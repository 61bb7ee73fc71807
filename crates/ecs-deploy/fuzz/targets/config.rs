//! A config file: any text is a config or an error, and each of its environments renders or tells why not.
#![no_main]

use ecs_deploy::config::{Config, TemplateValues};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(config) = Config::parse(text, "deploy-config.json") else { return };
    let values = TemplateValues { value: "shop:\"1\"".into(), ..TemplateValues::default() };
    let definition = "arn:aws:ecs:us-east-1:222222222222:task-definition/shop:1".parse().unwrap();
    for (app, environment) in config.environments() {
        let Ok(target) = config.target(app.as_str(), environment.as_str()) else { continue };
        let _ = target.render(&values);
        let _ = target.render_post(&values, &definition);
    }
});
