//! The shop's deploys: its config, its builds.

use dynamolock::names;
use ecs_deploy::config::{Config, Target};
use ecs_deploy::names::{Color, TaskSetId};
use ecs_deploy_aws::LOCK_TABLE;
use ecs_deploy_sandbox::model::Cloud;
use ecs_deploy_sandbox::model::dynamo::{AttributeValue, Item};
use serde_json::json;

use crate::{Shop, World};

/// The SHAs of the builds 1, 2, … in ArtifactDB.
const SHAS: [&str; 6] = ["one", "two", "three", "four", "five", "six"];

impl Shop {
    /// Stores the builds with the SHAs `one` to `six`; build 1 is the image `shop:1`, and so on.
    pub fn stock(&self, world: &World) {
        for (number, sha) in (1..).zip(SHAS) {
            self.put_artifact(world, "shop", number, Some(&[("SHA", sha)]));
        }
    }

    /// Stores build 0, which is the image `shop:0`, and tags a set as one that a deploy made of it.
    pub fn make_of_build_0(&self, world: &World, set: &TaskSetId) {
        self.put_artifact(world, "shop", 0, Some(&[("SHA", "zero")]));
        let arn = self.deploy_scope().arn("ecs", &format!("task-set/main/shop/{set}"));
        let tag = json!({"key": "artifact-build-number", "value": "0"});
        self.ecs(world, "TagResource", json!({"resourceArn": arn, "tags": [tag]}));
    }

    /// Leaves the lock's row as a Go program does that deployed something else before.
    pub fn leave_go_row(&self, world: &World) {
        let status = json!({"Artifact": {"BuildNumber": 900, "Value": "old:1", "Tags": null},
            "ConfigSHA": "0a1b2c3d", "NewTaskSetID": "ecs-svc/900", "NewActiveColor": "green",
            "Done": true, "Step": 13});
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let row = Item::from([
            (names::KEY.to_owned(), text("shop-dev")),
            (names::OWNER_NAME.to_owned(), text("a Go program")),
            (names::LEASE_DURATION.to_owned(), text("10s")),
            (names::RECORD_VERSION_NUMBER.to_owned(), text("1700000000000000000:a Go program")),
            (names::IS_RELEASED.to_owned(), text("1")),
            (names::DATA.to_owned(), AttributeValue::B(status.to_string().into_bytes())),
        ]);
        let scope = self.config_scope();
        world
            .with(|cloud, _| cloud.region(&scope).dynamo.put(LOCK_TABLE, row))
            .expect("the table exists");
    }

    /// Takes the lock as a client does that heeds no lease: the row is the thief's, with what stood in
    /// it.
    ///
    /// # Panics
    /// If there is no row.
    pub fn steal_lock(&self, world: &World) {
        let scope = self.config_scope();
        let steal = |cloud: &mut Cloud| {
            let tables = &mut cloud.region(&scope).dynamo;
            let mut row = tables.table(LOCK_TABLE)?.items().next().expect("a row").clone();
            for own in [names::OWNER_NAME, names::RECORD_VERSION_NUMBER] {
                row.insert(own.to_owned(), AttributeValue::S("a thief".to_owned()));
            }
            row.remove(names::IS_RELEASED);
            tables.put(LOCK_TABLE, row)
        };
        world.with(|cloud, _| steal(cloud)).expect("the table exists");
    }

    /// A build in the words of a deploy.
    pub(crate) fn words(&self, sha: &str) -> String {
        let index = SHAS.iter().position(|known| *known == sha);
        let number = index.expect("the SHA of a build") + 1;
        format!("shop:{number} (build {number})")
    }

    /// The shop's environment `dev`, as its config file describes it.
    ///
    /// Waits are short, as suits a cloud whose balancer follows within a second.
    pub fn target(&self) -> Target {
        let further: Vec<&str> = self.listener_arns().skip(1).collect();
        let environment = json!({
            "AccountID": self.account, "Region": self.region,
            "Cluster": "main", "Family": "shop", "CPU": "256", "Memory": "512",
            "SecurityGroups": ["sg-0d1e2f3a4b5c6d7e8"], "Subnets": ["subnet-0a1b2c3d4e5f60718"],
            "ListenerARN": self.listener(), "ListenerARNs": further,
            "TargetGroupARNs": {
                "blue": self.group(Color::Blue), "green": self.group(Color::Green)
            },
            "Deployment": {"RolloutTimeout": "30s", "CommandTimeout": "5s", "SettleTime": "3s"},
        });
        let app = json!({
            "ArtifactDBProjectName": "shop",
            "ContainerDefinitionTemplates": [{"Name": "web", "Image": "{{.Artifact.Value}}",
                "PortMappings": [{"containerPort": 8080}]}],
            "PreDeployCommandTemplates":
                [{"Program": "migrate", "Arguments": ["{{.Artifact.Value}}"]}],
            "PostDeployCommandTemplates":
                [{"Program": "tell", "Arguments": ["{{.Artifact.Value}}"]}],
            "Environments": {"dev": environment},
        });
        let config = json!({"ConfigAccountID": self.config_account, "ConfigRegion": self.region,
            "Apps": {"shop": app}});
        let config = Config::parse(&config.to_string(), "shop.json").expect("a good config");
        config.target("shop", "dev").expect("the environment is there")
    }
}
