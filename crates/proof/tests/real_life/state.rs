//! An environment as the owners of its accounts see it.

use std::collections::BTreeMap;

use ecs_deploy::config::Target;
use ecs_deploy::names::Color;
use ecs_deploy_aws::{ARTIFACT_TABLE, LOCK_TABLE};
use ecs_deploy_proof::stage;
use ecs_deploy_sandbox::model::dynamo::{AttributeValue, Item};
use ecs_deploy_sandbox::model::elb::Priority;
use serde_json::{Value, json};

use super::bench::{Bench, Deployed};

/// What a task set is made of; the rest is minted, or follows from this.
const OF_A_SET: [&str; 11] = [
    "capacityProviderStrategy",
    "launchType",
    "loadBalancers",
    "networkConfiguration",
    "platformVersion",
    "runningCount",
    "scale",
    "serviceRegistries",
    "stabilityStatus",
    "tags",
    "taskDefinition",
];

impl Bench {
    /// Everything that the last deploy left, without what was minted.
    pub(crate) fn state(&self, target: &Target, deployed: &Deployed) -> Value {
        let sets = self.task_sets(target);
        let primary: Vec<&Value> = sets.iter().filter(|set| set["status"] == "PRIMARY").collect();
        let [primary] = primary[..] else { panic!("one set is PRIMARY: {sets:#?}") };
        json!({
            "TaskDefinition": self.task_definition(target, &primary["taskDefinition"]),
            "PrimaryTaskSet": OF_A_SET.map(|member| (member, primary[member].clone()))
                .into_iter().filter(|(_, value)| !value.is_null()).collect::<BTreeMap<_, _>>(),
            "Rules": self.rules(target),
            "ArtifactTags": self.artifact_tags(target),
            "Lock": self.lock(target),
            "Commands": deployed.commands,
        })
    }

    /// The task sets of a service, the oldest first.
    pub(crate) fn task_sets(&self, target: &Target) -> Vec<Value> {
        let which = json!({"cluster": target.cluster, "service": target.family,
            "include": ["TAGS"]});
        let mut answer = self.ecs(target, "DescribeTaskSets", &which);
        match answer["taskSets"].take() {
            Value::Array(sets) => sets,
            other => panic!("{other}"),
        }
    }

    /// A task definition, whole.
    fn task_definition(&self, target: &Target, arn: &Value) -> Value {
        let which = json!({"taskDefinition": arn, "include": ["TAGS"]});
        let mut answer = self.ecs(target, "DescribeTaskDefinition", &which);
        let mut definition = answer["taskDefinition"].take();
        definition.as_object_mut().unwrap().remove("registeredAt");
        let mut tags = answer["tags"].take();
        tags.as_array_mut().unwrap().retain(|tag| tag["key"] != "ecs-deploy-token");
        definition["tags"] = tags;
        definition
    }

    fn ecs(&self, target: &Target, operation: &str, input: &Value) -> Value {
        self.team.world.ecs(&target.account, &target.region, operation, input)
    }

    /// The color of each priority.
    fn rules(&self, target: &Target) -> BTreeMap<u16, Color> {
        let color = |arn: &String| target.target_groups.find(|group| group.to_string() == *arn);
        self.team.world.with(|cloud, _| {
            let elb = &cloud.region(&stage::service_scope(target)).elb;
            let listener = target.listener.to_string();
            let rules = elb.rules_in_order(&listener).into_iter();
            rules
                .filter_map(|rule| match rule.priority {
                    Priority::At(number) => {
                        Some((number, color(&rule.forward()?.groups.first()?.arn)?))
                    }
                    Priority::Default => None,
                })
                .collect()
        })
    }

    fn items(&self, target: &Target, table: &str, is_wanted: impl Fn(&Item) -> bool) -> Vec<Item> {
        self.team.world.with(|cloud, _| {
            let tables = &cloud.region(&stage::config_scope(target)).dynamo;
            tables.table(table).unwrap().items().filter(|item| is_wanted(item)).cloned().collect()
        })
    }

    /// The tags of the second build.
    fn artifact_tags(&self, target: &Target) -> BTreeMap<String, String> {
        let project = target.artifact_project.as_ref().unwrap().as_str();
        let items = self.items(target, ARTIFACT_TABLE, |item| {
            text(&item["ProjectName"]) == project && item["Value"] == format!("{project}:2").into()
        });
        let [item] = &items[..] else { panic!("one build: {items:?}") };
        let AttributeValue::M(tags) = &item["Tags"] else { panic!("tags: {item:?}") };
        tags.iter().map(|(key, value)| (key.clone(), text(value).to_owned())).collect()
    }

    /// The lock's row: whether it is free, and what a Go program reads of its data.
    fn lock(&self, target: &Target) -> Value {
        let items = self.items(target, LOCK_TABLE, |item| text(&item["key"]) == target.lock_key());
        let [item] = &items[..] else { panic!("one row: {items:?}") };
        let AttributeValue::B(data) = &item["data"] else { panic!("data: {item:?}") };
        let mut status: Value = serde_json::from_slice(data).unwrap();
        let status = status.as_object_mut().unwrap();
        status.remove("Journal");
        status.remove("NewTaskSetID");
        json!({
            "Released": item.get("isReleased").map(text),
            "Lease": text(&item["leaseDuration"]),
            "Status": status,
        })
    }
}

fn text(value: &AttributeValue) -> &str {
    match value {
        AttributeValue::S(text) => text,
        other => panic!("no text: {other:?}"),
    }
}
