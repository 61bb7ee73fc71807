//! All that a deploy leaves behind, in a form in which two sandboxes can be compared.

use std::collections::BTreeMap;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::Cloud;

/// What every run has of its own: ids, tokens and times.
const OWN: &[&str] = &[
    "At",
    "DeployID",
    "SwappedAt",
    "Tokens",
    "createdAt",
    "externalId",
    "ownerName",
    "recordVersionNumber",
    "registeredAt",
    "revision",
    "stabilityStatusAt",
    "taskDefinitionArn",
    "taskSetArn",
    "updatedAt",
];

/// The builds that there are.
const BUILDS: std::ops::RangeInclusive<u32> = 1..=3;

impl Cloud {
    /// The rules, the task sets with what they run, the tags of all builds and the row of the lock.
    /// What is minted stands by what it names, or is left out.
    pub(crate) async fn scene(&self) -> String {
        let sets = self.sets_by_color().await;
        let (mut names, mut runs) = (BTreeMap::new(), Vec::new());
        for set in &sets {
            let text = |member: &str| set[member].as_str().unwrap().to_owned();
            let run = self.definition(&text("taskDefinition")).await;
            let image = run["taskDefinition"]["containerDefinitions"][0]["image"].as_str().unwrap();
            names.insert(text("taskDefinition"), format!("(revision with {image})"));
            names.insert(text("id"), format!("(set on {})", color(set)));
            runs.push(run);
        }
        let mut scene = json!({
            "Serving": self.serving().await,
            "TaskSets": sets,
            "TaskDefinitions": runs,
            "Tags": join_all(BUILDS.map(|build| self.tags(build))).await,
            "Row": self.readable_row().await,
        });
        leave_out(&mut scene);
        let text = serde_json::to_string_pretty(&scene).unwrap();
        // A name may be the beginning of a longer one, which comes later in the map.
        names.iter().rev().fold(text, |text, (name, place)| text.replace(name, place))
    }

    async fn sets_by_color(&self) -> Vec<Value> {
        let which = json!({"cluster": "main", "service": "shop-dev", "include": ["TAGS"]});
        let mut sets = self.ecs("DescribeTaskSets", which).await["taskSets"].take();
        let sets = sets.as_array_mut().unwrap();
        sets.sort_by_key(color);
        std::mem::take(sets)
    }

    async fn definition(&self, arn: &str) -> Value {
        let which = json!({"taskDefinition": arn, "include": ["TAGS"]});
        self.ecs("DescribeTaskDefinition", which).await
    }

    /// How many task definitions were ever registered.
    pub(crate) async fn revisions(&self) -> u64 {
        self.definition("shop-dev").await["taskDefinition"]["revision"].as_u64().unwrap()
    }

    async fn readable_row(&self) -> Value {
        let mut row = self.lock_row().await;
        if let Some(data) = row["data"]["B"].as_str() {
            let data = BASE64_STANDARD.decode(data).unwrap();
            row["data"] = serde_json::from_slice(&data).unwrap();
        }
        row
    }
}

fn color(set: &Value) -> String {
    let group = set["loadBalancers"][0]["targetGroupArn"].as_str().unwrap();
    if group.contains("shop-dev-blue") { "blue" } else { "green" }.to_owned()
}

fn leave_out(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|name, _| !OWN.contains(&name.as_str()));
            members.values_mut().for_each(leave_out);
        }
        Value::Array(items) => {
            items.retain(|item| item["key"] != "ecs-deploy-token");
            items.iter_mut().for_each(leave_out);
        }
        _ => {}
    }
}
