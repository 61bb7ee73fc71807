//! What a config's `TaskDefinition` and `TaskSet` say arrives at ECS.

use ecs_deploy::cloud::{CloudError, NewTaskSet, TaskDefinition, TaskSet};
use ecs_deploy::config::{Config, Rendered, TemplateValues};
use ecs_deploy::names::Color;
use serde_json::{Value, json};

use super::Bench;
use super::ecs::holds;

/// What a config with many members renders for an environment.
fn rendered(environment: &str) -> Rendered {
    let text = include_str!("../../../../fixtures/config/members.json");
    let config = Config::parse(text, "members.json").unwrap();
    let values = TemplateValues { value: "shop:2".into(), ..TemplateValues::default() };
    config.target("shop", environment).unwrap().render(&values).unwrap()
}

impl Bench {
    /// A task definition as the config has it.
    fn definition_of(&self, rendered: &Rendered) -> TaskDefinition {
        TaskDefinition {
            containers: rendered.containers.clone(),
            members: rendered.task_definition.clone(),
            ..self.shop.definition("shop:2")
        }
    }

    /// A task set as the config has it.
    async fn set_of(&self, rendered: &Rendered) -> NewTaskSet {
        let definition = self.definition_of(rendered);
        let revision = self.cloud.ecs.register(&self.permit(), &definition).await.unwrap();
        NewTaskSet {
            assign_public_ip: rendered.assign_public_ip.clone(),
            members: rendered.task_set.clone(),
            container_name: rendered.container_name.to_string(),
            ..self.shop.task_set("token", &revision, Color::Blue)
        }
    }

    async fn create(&self, set: &NewTaskSet) -> Result<TaskSet, CloudError> {
        self.cloud.ecs.create_task_set(&self.permit(), &self.shop.service(), set).await
    }

    /// The task set as the API shows it.
    fn shown(&self, set: &TaskSet) -> Value {
        let input = json!({"cluster": "main", "service": "shop", "taskSets": [set.id]});
        let answer = self.shop.ecs(&self.world, "DescribeTaskSets", input);
        answer["taskSets"][0].clone()
    }
}

#[tokio::test(start_paused = true)]
async fn every_member_of_a_task_definition_arrives_beside_what_the_deploy_says() {
    let bench = Bench::new().await;
    let definition = bench.definition_of(&rendered("dev"));
    let arn = bench.cloud.ecs.register(&bench.permit(), &definition).await.unwrap();
    let input = json!({"taskDefinition": arn.to_string()});
    let shown = &bench.shop.ecs(&bench.world, "DescribeTaskDefinition", input)["taskDefinition"];
    assert!(definition.members.len() > 5);
    for (member, value) in &definition.members {
        assert!(holds(&shown[member], value), "{member}: {} instead of {value}", shown[member]);
    }
    assert_eq!((&shown["cpu"], &shown["networkMode"]), (&json!("256"), &json!("awsvpc")));
    assert_eq!(shown["containerDefinitions"][0]["image"], "shop:2");
}

#[tokio::test(start_paused = true)]
async fn capacity_providers_take_the_place_of_the_launch_type() {
    let mut bench = Bench::new().await;
    let set = bench.set_of(&rendered("dev")).await;
    let created = bench.create(&set).await.unwrap();
    bench.pass(1).await;
    let shown = bench.shown(&created);
    assert_eq!(shown.get("launchType"), None);
    for (member, value) in &set.members {
        assert!(holds(&shown[member], value), "{member}: {} instead of {value}", shown[member]);
    }
    let network = &shown["networkConfiguration"]["awsvpcConfiguration"];
    assert_eq!(network["assignPublicIp"], "ENABLED");
    assert_eq!(network["subnets"], json!(["subnet-1"]));
}

#[tokio::test(start_paused = true)]
async fn a_platform_version_stands_beside_the_launch_type() {
    let mut bench = Bench::new().await;
    let set = bench.set_of(&rendered("prod")).await;
    let created = bench.create(&set).await.unwrap();
    bench.pass(1).await;
    let shown = bench.shown(&created);
    assert_eq!(
        (&shown["platformVersion"], &shown["launchType"]),
        (&json!("1.3.0"), &json!("FARGATE"))
    );
}

#[tokio::test(start_paused = true)]
async fn a_launch_type_beside_capacity_providers_is_refused_by_ecs() {
    let bench = Bench::new().await;
    let mut set = bench.set_of(&rendered("dev")).await;
    set.members.insert("launchType".into(), "FARGATE".into());
    let error = bench.create(&set).await.unwrap_err();
    assert!(error.class.is_certain() && error.message.contains("not both"), "{error}");
}
