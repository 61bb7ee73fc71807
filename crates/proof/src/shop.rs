//! Something to deploy: a service behind a balancer, with what its deploys need.

use std::collections::BTreeMap;
use std::time::Duration;

use ecs_deploy::cloud::{NewTaskSet, ServiceRef, TaskDefinition};
use ecs_deploy::names::{
    AccountId, Color, ListenerArn, Region, TargetGroupArn, TaskDefinitionArn, TaskSetId,
};
use ecs_deploy_aws::{ARTIFACT_TABLE, LOCK_TABLE};
use ecs_deploy_sandbox::model::dynamo::{
    AttributeValue, Billing, Item, KeyAttribute, KeySchema, KeyType, Tables,
};
use ecs_deploy_sandbox::model::elb::{
    Action, ActionKind, Condition, Elb, FixedResponse, Forward, NewRule, Priority,
};
use ecs_deploy_sandbox::model::{ApiError, Scope, Time};
use serde_json::{Map, Value, json};

use crate::{Line, World};

/// The service `shop` of 2 tasks in the cluster `main`, EXTERNAL, behind a listener whose rules
/// have the priorities 11 (green) and 12 (blue). Locks and artifacts are in another account.
#[derive(Debug, Clone)]
pub struct Shop {
    /// The account of the lock table and ArtifactDB.
    pub config_account: AccountId,
    /// The account of the service.
    pub account: AccountId,
    /// The region of everything.
    pub region: Region,
}

const BALANCER: &str = "app/shop/0123456789abcdef";

impl Shop {
    /// Builds the shop. Nothing runs yet.
    pub fn build(world: &World) -> Self {
        let shop = Self {
            config_account: "111111111111".parse().expect("12 digits"),
            account: "222222222222".parse().expect("12 digits"),
            region: "us-east-1".parse().expect("a region"),
        };
        world
            .with(|cloud, now| {
                shop.build_balancer(&mut cloud.region(&shop.deploy_scope()).elb, now)?;
                build_tables(&mut cloud.region(&shop.config_scope()).dynamo, now)
            })
            .expect("an empty world takes it");
        shop.ecs(world, "CreateCluster", json!({"clusterName": "main"}));
        shop.ecs(
            world,
            "CreateService",
            json!({"cluster": "main", "serviceName": "shop", "desiredCount": 2,
                   "deploymentController": {"type": "EXTERNAL"}}),
        );
        shop
    }

    /// The ports of this shop, for one program.
    pub async fn connect(&self, world: &World, line: &Line) -> ecs_deploy::cloud::Cloud {
        let config = (&self.config_account, &self.region);
        world.connect(line, config, (&self.account, &self.region)).await
    }

    /// The service's name.
    pub fn service(&self) -> ServiceRef {
        let parsed = "the names are good";
        ServiceRef {
            cluster: "main".parse().expect(parsed),
            service: "shop".parse().expect(parsed),
        }
    }

    /// The listener with the rules of both colors.
    pub fn listener(&self) -> ListenerArn {
        self.elb_arn(&format!("listener/{BALANCER}/0123456789abcdef")).parse().expect("a listener")
    }

    /// A color's target group.
    pub fn group(&self, color: Color) -> TargetGroupArn {
        self.elb_arn(&format!("targetgroup/{color}/0123456789abcdef")).parse().expect("a group")
    }

    /// A revision whose one container has this image, and the port 8080.
    pub fn definition(&self, image: &str) -> TaskDefinition {
        let parsed = "the names are good";
        TaskDefinition {
            family: "shop".parse().expect(parsed),
            containers: vec![json!({
                "name": "web", "image": image, "portMappings": [{"containerPort": 8080}]
            })],
            cpu: "256".to_owned(),
            memory: "512".to_owned(),
            task_role: "".parse().expect(parsed),
            execution_role: "".parse().expect(parsed),
            members: Map::new(),
            tags: BTreeMap::from([("config-sha".to_owned(), "1a2b3c4d".to_owned())]),
        }
    }

    /// A task set of a revision behind a color's target group.
    pub fn task_set(&self, token: &str, revision: &TaskDefinitionArn, color: Color) -> NewTaskSet {
        NewTaskSet {
            token: token.to_owned(),
            task_definition: revision.clone(),
            target_group: self.group(color),
            container_name: "web".to_owned(),
            container_port: 8080,
            subnets: vec!["subnet-1".parse().expect("a subnet")],
            security_groups: vec!["sg-1".parse().expect("a security group")],
            assign_public_ip: None,
            members: Map::new(),
            tags: BTreeMap::from([("artifact-build-number".to_owned(), "1".to_owned())]),
        }
    }

    /// Puts a first version behind green and marks it PRIMARY, as an operator would by hand. Its
    /// tasks start when time passes.
    pub fn serve(&self, world: &World, image: &str) -> TaskSetId {
        let set = self.place(world, image, Color::Green);
        self.make_primary(world, &set);
        set
    }

    /// Puts a version on a color, by hand.
    pub fn place(&self, world: &World, image: &str, color: Color) -> TaskSetId {
        let containers =
            json!([{"name": "web", "image": image, "portMappings": [{"containerPort": 8080}]}]);
        let revision = json!({"family": "shop", "networkMode": "awsvpc", "cpu": "256",
            "memory": "512", "requiresCompatibilities": ["FARGATE"],
            "containerDefinitions": containers});
        self.ecs(world, "RegisterTaskDefinition", revision);
        let balancer = json!({"targetGroupArn": self.group(color).to_string(),
            "containerName": "web", "containerPort": 8080});
        let set = json!({"cluster": "main", "service": "shop", "taskDefinition": "shop",
            "launchType": "FARGATE", "loadBalancers": [balancer],
            "networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-1"]}},
            "scale": {"value": 100.0, "unit": "PERCENT"}});
        let created = self.ecs(world, "CreateTaskSet", set);
        let id = created["taskSet"]["id"].as_str().expect("a task set has an id");
        id.parse().expect("a task set's id")
    }

    /// Marks a set PRIMARY, by hand.
    pub fn make_primary(&self, world: &World, set: &TaskSetId) {
        let primary = json!({"cluster": "main", "service": "shop", "primaryTaskSet": set.as_str()});
        self.ecs(world, "UpdateServicePrimaryTaskSet", primary);
    }

    /// Gives the rules the priorities with which a color serves, by hand.
    pub fn let_serve(&self, world: &World, color: Color) {
        let mut form = "Action=SetRulePriorities&Version=2015-12-01".to_owned();
        for (number, color, priority) in [(1, color, 11), (2, color.other(), 12)] {
            let member = format!("RulePriorities.member.{number}");
            let rule = self.rule(color);
            form.push_str(&format!("&{member}.RuleArn={rule}&{member}.Priority={priority}"));
        }
        world.elb(&self.account, &self.region, form);
    }

    /// Stores a build in ArtifactDB; `tags` is a map, or NULL as for one created without tags.
    pub fn put_artifact(&self, world: &World, project: &str, build: u64, tags: Option<Tags<'_>>) {
        let tags = tags.map_or(AttributeValue::Null, |tags| {
            let tag = |(key, value): &(&str, &str)| ((*key).to_owned(), text(value));
            AttributeValue::M(tags.iter().map(tag).collect())
        });
        let item = Item::from([
            ("ProjectName".to_owned(), text(project)),
            ("BuildNumber".to_owned(), AttributeValue::N(build.into())),
            ("Value".to_owned(), text(&format!("{project}:{build}"))),
            ("ContainedArtifacts".to_owned(), AttributeValue::Null),
            ("Tags".to_owned(), tags),
        ]);
        let scope = self.config_scope();
        world
            .with(|cloud, _| cloud.region(&scope).dynamo.put(ARTIFACT_TABLE, item))
            .expect("the table exists");
    }

    /// Calls an operation of ECS in the service's account.
    pub fn ecs(&self, world: &World, operation: &str, input: Value) -> Value {
        world.ecs(&self.account, &self.region, operation, &input)
    }

    /// The account and region of the service.
    pub fn deploy_scope(&self) -> Scope {
        Scope { account: self.account.to_string(), region: self.region.to_string() }
    }

    /// The account and region of the tables.
    pub fn config_scope(&self) -> Scope {
        Scope { account: self.config_account.to_string(), region: self.region.to_string() }
    }

    /// A color's rule.
    fn rule(&self, color: Color) -> String {
        let id = rule_id(color);
        self.elb_arn(&format!("listener-rule/{BALANCER}/0123456789abcdef/{id}"))
    }

    fn elb_arn(&self, resource: &str) -> String {
        self.deploy_scope().arn("elasticloadbalancing", resource)
    }

    fn build_balancer(&self, elb: &mut Elb, now: Time) -> Result<(), ApiError> {
        elb.put_load_balancer(&self.elb_arn(&format!("loadbalancer/{BALANCER}")), now)?;
        let listener = self.listener().to_string();
        elb.put_listener(&listener, "HTTP", 80, vec![not_found()], now)?;
        for (priority, color) in [(11, Color::Green), (12, Color::Blue)] {
            let arn = self.group(color).to_string();
            let group = elb.put_target_group(&arn, "HTTP", 8080)?;
            group.health_check.interval = Duration::from_secs(5);
            group.deregistration_delay = Duration::from_secs(10);
            let rule = NewRule {
                id: rule_id(color),
                listener: listener.clone(),
                priority: Priority::new(priority)?,
                conditions: vec![Condition::PathPattern(vec!["*".to_owned()])],
                actions: vec![Action { order: 1, kind: ActionKind::Forward(Forward::to(arn)) }],
            };
            elb.create_rule(rule, now)?;
        }
        Ok(())
    }
}

fn rule_id(color: Color) -> String {
    format!("000000000000000{}", color as u8)
}

/// Tags by name.
type Tags<'a> = &'a [(&'a str, &'a str)];

fn not_found() -> Action {
    let response = FixedResponse { status: 404, content_type: None, body: None };
    Action { order: 1, kind: ActionKind::FixedResponse(response) }
}

fn build_tables(tables: &mut Tables, now: Time) -> Result<(), ApiError> {
    let locks = KeySchema { hash: KeyAttribute::new("key", KeyType::S), range: None };
    tables.create(LOCK_TABLE, locks, Billing::PayPerRequest, now)?;
    let artifacts = KeySchema {
        hash: KeyAttribute::new("ProjectName", KeyType::S),
        range: Some(KeyAttribute::new("BuildNumber", KeyType::N)),
    };
    tables.create(ARTIFACT_TABLE, artifacts, Billing::PayPerRequest, now)?;
    Ok(())
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}
