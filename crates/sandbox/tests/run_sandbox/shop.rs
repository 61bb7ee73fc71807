//! A small shop in a sandbox: one listener, two colors, an EXTERNAL service, as an AWS client sees it.

use std::net::SocketAddr;
use std::time::Duration;

use ecs_deploy_sandbox::model::elb::{
    Action, ActionKind, Condition, Forward, HealthCheck, NewRule, Priority, Stickiness,
    WeightedGroup,
};
use ecs_deploy_sandbox::model::{Cloud, Time};
use ecs_deploy_sandbox::run::{Programs, Sandbox};
use http::Request;
use serde_json::{Value, json};

use crate::support::{
    LISTENER, authorization, cloud_with_listener, demo_program, request, scope, start, until,
};

pub(crate) const GREEN: &str =
    "arn:aws:elasticloadbalancing:us-east-1:111111111111:targetgroup/green/73e2d6bc24d8a067";
pub(crate) const BLUE: &str =
    "arn:aws:elasticloadbalancing:us-east-1:111111111111:targetgroup/blue/73e2d6bc24d8a068";
const RULES: &str = "arn:aws:elasticloadbalancing:us-east-1:111111111111:listener-rule/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2";

pub(crate) struct Shop {
    pub(crate) sandbox: Sandbox,
}

impl Shop {
    /// A shop without a task; its images run the demo program, but for what `programs` says.
    pub(crate) async fn open(programs: impl FnOnce(Programs) -> Programs) -> Self {
        let sandbox = start(balancer(), programs(Programs::new(demo_program())));
        let shop = Self { sandbox };
        shop.ecs("CreateCluster", json!({"clusterName": "dev"})).await;
        let service = json!({
            "cluster": "dev", "serviceName": "shop", "desiredCount": 2,
            "deploymentController": {"type": "EXTERNAL"},
        });
        shop.ecs("CreateService", service).await;
        shop
    }

    /// Keeps tasks that don't answer health checks.
    pub(crate) async fn have_patience(&self) {
        let change = json!({
            "cluster": "dev", "service": "shop", "healthCheckGracePeriodSeconds": 600,
        });
        self.ecs("UpdateService", change).await;
    }

    /// Starts two tasks of a version behind a target group, with an environment; gives the task
    /// set's id.
    pub(crate) async fn launch(&self, version: &str, group: &str, environment: Value) -> String {
        let definition = json!({
            "family": "shop", "networkMode": "awsvpc",
            "requiresCompatibilities": ["FARGATE"], "cpu": "256", "memory": "512",
            "containerDefinitions": [{
                "name": "web", "image": format!("shop:{version}"), "essential": true,
                "stopTimeout": 2, "portMappings": [{"containerPort": 8080}],
                "environment": environment,
            }],
        });
        let definition = self.ecs("RegisterTaskDefinition", definition).await;
        let task_set = json!({
            "cluster": "dev", "service": "shop", "launchType": "FARGATE",
            "taskDefinition": definition["taskDefinition"]["taskDefinitionArn"],
            "networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-1"]}},
            "loadBalancers": [
                {"targetGroupArn": group, "containerName": "web", "containerPort": 8080}
            ],
            "scale": {"value": 100.0, "unit": "PERCENT"},
        });
        let task_set = self.ecs("CreateTaskSet", task_set).await;
        task_set["taskSet"]["id"].as_str().unwrap().to_owned()
    }

    /// Waits until a task set is steady.
    pub(crate) async fn steady(&self, task_set: &str) {
        let which = json!({"cluster": "dev", "service": "shop", "taskSets": [task_set]});
        until("steady", async || {
            let seen = self.ecs("DescribeTaskSets", which.clone()).await;
            let seen = &seen["taskSets"][0];
            seen["stabilityStatus"] == "STEADY_STATE" && seen["runningCount"] == 2
        })
        .await;
    }

    /// The stopped task `task` as ECS describes it, once it is stopped.
    pub(crate) async fn stopped(&self, task: &str) -> Value {
        let which = json!({"cluster": "dev", "tasks": [task]});
        let mut stopped = Value::Null;
        until("stopped", async || {
            stopped = self.ecs("DescribeTasks", which.clone()).await["tasks"][0].take();
            stopped["lastStatus"] == "STOPPED"
        })
        .await;
        stopped
    }

    /// The first task that stopped, once one has.
    pub(crate) async fn first_stopped(&self) -> Value {
        let which = json!({"cluster": "dev", "serviceName": "shop", "desiredStatus": "STOPPED"});
        let mut arn = String::new();
        until("one stopped", async || {
            let listed = self.ecs("ListTasks", which.clone()).await;
            arn = listed["taskArns"][0].as_str().unwrap_or_default().to_owned();
            !arn.is_empty()
        })
        .await;
        self.stopped(&arn).await
    }

    /// Exchanges the colors in one call.
    pub(crate) async fn swap(&self) {
        let pair = |n: u8, rule: &str, priority: u8| {
            format!(
                "&RulePriorities.member.{n}.RuleArn={RULES}/{rule}\
                 &RulePriorities.member.{n}.Priority={priority}"
            )
        };
        let form = pair(1, GREEN_RULE, 12) + &pair(2, BLUE_RULE, 11);
        let call = Request::post("/")
            .header("authorization", authorization("elasticloadbalancing"))
            .header("content-type", "application/x-www-form-urlencoded");
        let body = format!("Action=SetRulePriorities&Version=2015-12-01{form}");
        let response = request(self.sandbox.endpoint(), call, "/", body).await;
        assert!(response.status().is_success(), "{response:?}");
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.sandbox.listener_address(LISTENER).unwrap()
    }

    pub(crate) async fn ecs(&self, operation: &str, input: Value) -> Value {
        let call = Request::post("/")
            .header("authorization", authorization("ecs"))
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-target", format!("AmazonEC2ContainerServiceV20141113.{operation}"));
        let response = request(self.sandbox.endpoint(), call, "/", input.to_string()).await;
        let answer: Value = serde_json::from_slice(response.body()).unwrap();
        assert!(response.status().is_success(), "{operation}: {answer}");
        answer
    }
}

const GREEN_RULE: &str = "9683b2d02a6cabee";
const BLUE_RULE: &str = "9683b2d02a6cabef";

/// A listener with the rules green 11 and blue 12, in effect from the start.
fn balancer() -> Cloud {
    let mut cloud = cloud_with_listener("HTTP", 80);
    let elb = &mut cloud.region(&scope()).elb;
    for (group, rule, priority) in [(GREEN, GREEN_RULE, 11), (BLUE, BLUE_RULE, 12)] {
        let made = elb.put_target_group(group, "HTTP", 8080).unwrap();
        made.deregistration_delay = Duration::from_millis(300);
        made.health_check = HealthCheck {
            path: "/healthz".into(),
            interval: Duration::from_millis(100),
            timeout: Duration::from_secs(2),
            ..HealthCheck::default()
        };
        let rule = NewRule {
            id: rule.into(),
            listener: LISTENER.into(),
            priority: Priority::At(priority),
            conditions: vec![Condition::PathPattern(vec!["*".to_owned()].into())],
            actions: vec![forward(group)],
            transforms: Vec::new(),
        };
        elb.create_rule(rule, Time::default()).unwrap();
    }
    cloud
}

fn forward(group: &str) -> Action {
    let groups = vec![WeightedGroup { arn: group.into(), weight: 1 }];
    let forward = Forward { groups, stickiness: Stickiness::default() };
    Action { order: 1, kind: ActionKind::Forward(forward) }
}
