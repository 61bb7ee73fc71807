//! Something to deploy: a service behind a balancer, with what its deploys need.

use std::collections::BTreeMap;
use std::sync::Arc;

use ecs_deploy::cloud::{NewTaskSet, ServiceRef, TaskDefinition};
use ecs_deploy::names::{
    AccountId, ByColor, Color, ListenerArn, Region, TargetGroupArn, TaskDefinitionArn, TaskSetId,
};
use ecs_deploy_sandbox::model::Scope;
use serde_json::{Map, Value, json};

use crate::stage::{self, Tags, rule_id};
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
    arns: Arc<Arns>,
}

/// What the balancer's parts are called. Whoever watches the shop compares with them at every moment.
#[derive(Debug)]
struct Arns {
    /// At least one.
    listeners: Vec<ListenerArns>,
    groups: ByColor<String>,
}

#[derive(Debug)]
struct ListenerArns {
    listener: String,
    rules: ByColor<String>,
}

const BALANCER: &str = "app/shop/0123456789abcdef";
const LISTENERS: [&str; 2] = ["0123456789abcdef", "fedcba9876543210"];

impl Arns {
    fn of(account: &AccountId, region: &Region, listeners: &[&str]) -> Self {
        let scope = Scope { account: account.to_string(), region: region.to_string() };
        let arn = |resource: String| scope.arn("elasticloadbalancing", &resource);
        let group = |color| format!("targetgroup/{color}/0123456789abcdef");
        let listener = |id: &&str| {
            let rule = |color| format!("listener-rule/{BALANCER}/{id}/{}", rule_id(color));
            ListenerArns {
                listener: arn(format!("listener/{BALANCER}/{id}")),
                rules: ByColor::from_fn(|color| arn(rule(color))),
            }
        };
        Self {
            listeners: listeners.iter().map(listener).collect(),
            groups: ByColor::from_fn(|color| arn(group(color))),
        }
    }
}

impl Shop {
    /// Builds the shop. Nothing runs yet.
    pub fn build(world: &World) -> Self {
        Self::behind(world, &LISTENERS[..1])
    }

    /// Builds the shop behind two listeners of one balancer.
    pub fn with_two_listeners(world: &World) -> Self {
        Self::behind(world, &LISTENERS)
    }

    fn behind(world: &World, listeners: &[&str]) -> Self {
        let account = "222222222222".parse().expect("12 digits");
        let region = "us-east-1".parse().expect("a region");
        let shop = Self {
            config_account: "111111111111".parse().expect("12 digits"),
            arns: Arc::new(Arns::of(&account, &region, listeners)),
            account,
            region,
        };
        stage::build(world, &shop.target());
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

    /// The first listener with the rules of both colors.
    pub fn listener(&self) -> ListenerArn {
        self.arns.listeners[0].listener.parse().expect("a listener")
    }

    /// The listeners as texts, the one first that the config names first.
    pub(crate) fn listener_arns(&self) -> impl Iterator<Item = &str> {
        self.arns.listeners.iter().map(|arns| &*arns.listener)
    }

    /// A color's target group.
    pub fn group(&self, color: Color) -> TargetGroupArn {
        self.group_arn(color).parse().expect("a group")
    }

    /// A color's target group as a text.
    pub(crate) fn group_arn(&self, color: Color) -> &str {
        &self.arns.groups[color]
    }

    /// The color of a target group.
    pub(crate) fn color_of(&self, group: &str) -> Option<Color> {
        self.arns.groups.find(|arn| arn == group)
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
        let balancer = json!({"targetGroupArn": self.group_arn(color),
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
        self.number_rules(world, color, 11);
    }

    /// Lets a color serve with this priority, and gives the other's rule the one behind it.
    pub(crate) fn number_rules(&self, world: &World, color: Color, first: u32) {
        for arns in &self.arns.listeners {
            let mut form = "Action=SetRulePriorities&Version=2015-12-01".to_owned();
            for (number, color, priority) in [(1, color, first), (2, color.other(), first + 1)] {
                let member = format!("RulePriorities.member.{number}");
                let rule = &arns.rules[color];
                form.push_str(&format!("&{member}.RuleArn={rule}&{member}.Priority={priority}"));
            }
            world.elb(&self.account, &self.region, form);
        }
    }

    /// Registers an address with a color's target group, by hand.
    pub(crate) fn register(&self, world: &World, color: Color, address: &str) {
        self.change_targets(world, "RegisterTargets", color, address);
    }

    /// Takes an address out of a color's target group, by hand.
    pub(crate) fn deregister(&self, world: &World, color: Color, address: &str) {
        self.change_targets(world, "DeregisterTargets", color, address);
    }

    fn change_targets(&self, world: &World, operation: &str, color: Color, address: &str) {
        let group = self.group_arn(color);
        let form = format!(
            "Action={operation}&Version=2015-12-01&TargetGroupArn={group}\
             &Targets.member.1.Id={address}&Targets.member.1.Port=8080"
        );
        world.elb(&self.account, &self.region, form);
    }

    /// Stores a build in ArtifactDB; `tags` is a map, or NULL as for one created without tags.
    pub fn put_artifact(&self, world: &World, project: &str, build: u64, tags: Option<Tags<'_>>) {
        stage::put_artifact(world, &self.config_scope(), project, build, tags);
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
}
