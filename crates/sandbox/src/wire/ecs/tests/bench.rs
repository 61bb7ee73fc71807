use std::time::Duration;

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};

use crate::model::elb::{Action, ActionKind, Forward};
use crate::model::simulate::{Behaviour, Simulator};
use crate::model::{ApiError, Cloud, Scope, Settings, Time};
use crate::wire::handle;

pub(super) const ACCOUNT: &str = "111111111111";
pub(super) const BALANCER: &str =
    "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/app/shop/0123456789abcdef";
pub(super) const LISTENER: &str = "arn:aws:elasticloadbalancing:us-east-1:111111111111:listener/app/\
                                   shop/0123456789abcdef/0123456789abcdef";
pub(super) const GREEN: &str =
    "arn:aws:elasticloadbalancing:us-east-1:111111111111:targetgroup/green/0123456789abcdef";
pub(super) const UNUSED: &str =
    "arn:aws:elasticloadbalancing:us-east-1:111111111111:targetgroup/unused/0123456789abcdef";

/// A cluster `main` with the EXTERNAL service `shop` of 2 tasks, the task definition `shop:1`, and
/// a balancer that forwards to the group GREEN.
pub(super) struct Bench {
    pub(super) cloud: Cloud,
    pub(super) simulator: Simulator,
    pub(super) now: Time,
    pub(super) region: &'static str,
}

impl Bench {
    pub(super) fn new() -> Self {
        Self::with(Settings::default())
    }

    pub(super) fn with(settings: Settings) -> Self {
        let mut bench = Self {
            cloud: Cloud::new(settings),
            simulator: Simulator::default(),
            now: Time(Duration::from_secs(1_700_000_000)),
            region: "us-east-1",
        };
        bench.build_balancer();
        bench.ok("CreateCluster", json!({"clusterName": "main"}));
        bench.ok("RegisterTaskDefinition", task_definition("web:1"));
        bench.create_service("shop", 2);
        bench
    }

    /// One whose answers do not lag.
    pub(super) fn prompt() -> Self {
        Self::with(Settings { answer_lag: Duration::ZERO, ..Settings::default() })
    }

    fn build_balancer(&mut self) {
        let scope = Scope { account: ACCOUNT.into(), region: "us-east-1".into() };
        let elb = &mut self.cloud.region(&scope).elb;
        elb.put_load_balancer(BALANCER, self.now).unwrap();
        for group in [GREEN, UNUSED] {
            let group = elb.put_target_group(group, "HTTP", 80).unwrap();
            group.deregistration_delay = Duration::from_secs(5);
            group.health_check.interval = Duration::from_secs(5);
        }
        let forward = Action { order: 1, kind: ActionKind::Forward(Forward::to(GREEN)) };
        elb.put_listener(LISTENER, "HTTP", 80, vec![forward], self.now).unwrap();
    }

    pub(super) fn create_service(&mut self, name: &str, desired: u32) {
        self.ok(
            "CreateService",
            json!({"cluster": "main", "serviceName": name, "desiredCount": desired,
                   "deploymentController": {"type": "EXTERNAL"}}),
        );
    }

    pub(super) fn ask(&mut self, operation: &str, input: Value) -> Result<Value, ApiError> {
        let request = Request::post("/")
            .header("x-amz-target", format!("AmazonEC2ContainerServiceV20141113.{operation}"))
            .header(
                "authorization",
                format!(
                    "AWS4-HMAC-SHA256 Credential={ACCOUNT}/20260101/{}/ecs/aws4_request, \
                     SignedHeaders=host, Signature=00",
                    self.region
                ),
            )
            .body(Bytes::from(input.to_string()))
            .unwrap();
        let response = handle(&mut self.cloud, request, self.now);
        let body: Value = serde_json::from_slice(response.body()).unwrap();
        if response.status().is_success() {
            return Ok(body);
        }
        let text = |member: &str| body[member].as_str().unwrap().to_owned();
        Err(ApiError::client(text("__type"), text("message")))
    }

    pub(super) fn ok(&mut self, operation: &str, input: Value) -> Value {
        self.ask(operation, input).unwrap_or_else(|error| panic!("{operation}: {error}"))
    }

    /// The code and the message of an error.
    pub(super) fn refused(&mut self, operation: &str, input: Value) -> (String, String) {
        match self.ask(operation, input) {
            Ok(answer) => panic!("{operation} was accepted: {answer}"),
            Err(error) => (error.code, error.message),
        }
    }

    /// Lets time pass, from one event to the next.
    pub(super) fn wait(&mut self, seconds: f64) {
        let end = self.now + Duration::from_secs_f64(seconds);
        self.simulator.drive(&mut self.cloud, self.now);
        while self.now < end {
            let dues = [self.simulator.next_due(), self.cloud.next_due(self.now)];
            self.now = dues.into_iter().flatten().fold(end, Time::min);
            self.simulator.drive(&mut self.cloud, self.now);
        }
    }

    pub(super) fn behave(&mut self, image: &str, behaviour: Behaviour) {
        self.simulator.behaviours.insert(image.to_owned(), behaviour);
    }

    pub(super) fn create(&mut self, change: Value) -> Value {
        self.ok("CreateTaskSet", task_set(change))["taskSet"].clone()
    }

    pub(super) fn create_id(&mut self, change: Value) -> String {
        self.create(change)["id"].as_str().unwrap().to_owned()
    }

    /// The task set as `DescribeTaskSets` shows it; null when it is MISSING.
    pub(super) fn task_set(&mut self, id: &str) -> Value {
        let answer = self.ok("DescribeTaskSets", on(id, json!({"include": ["TAGS"]})));
        if answer["taskSets"].as_array().unwrap().is_empty() {
            assert_eq!(answer["failures"], json!([{"arn": id, "reason": "MISSING"}]));
        }
        answer["taskSets"][0].clone()
    }

    pub(super) fn service(&mut self, name: &str) -> Value {
        let input = json!({"cluster": "main", "services": [name]});
        self.ok("DescribeServices", input)["services"][0].clone()
    }

    /// The tasks of a desired status.
    pub(super) fn tasks(&mut self, desired: &str) -> Vec<Value> {
        let input = json!({"cluster": "main", "serviceName": "shop", "desiredStatus": desired});
        let arns = self.ok("ListTasks", input)["taskArns"].clone();
        if arns == json!([]) {
            return Vec::new();
        }
        let answer = self.ok("DescribeTasks", json!({"cluster": "main", "tasks": arns}));
        answer["tasks"].as_array().unwrap().clone()
    }
}

/// `base` with the members of `change`, where null takes a member away.
pub(super) fn merged(mut base: Value, change: Value) -> Value {
    let members = base.as_object_mut().unwrap();
    for (name, value) in change.as_object().unwrap() {
        if value.is_null() {
            members.remove(name);
        } else {
            members.insert(name.clone(), value.clone());
        }
    }
    base
}

pub(super) fn task_definition(image: &str) -> Value {
    json!({
        "family": "shop",
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "cpu": "256",
        "memory": "512",
        "containerDefinitions": [{
            "name": "web", "image": image, "portMappings": [{"containerPort": 8080}],
            "environment": [{"name": "COLOR", "value": "green"}],
            "healthCheck": {"command": ["CMD", "true"]}
        }]
    })
}

/// The input of `CreateTaskSet`.
pub(super) fn task_set(change: Value) -> Value {
    let base = json!({
        "cluster": "main",
        "service": "shop",
        "taskDefinition": "shop:1",
        "launchType": "FARGATE",
        "networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-1"]}},
        "loadBalancers": [
            {"targetGroupArn": GREEN, "containerName": "web", "containerPort": 8080}
        ],
        "scale": {"value": 100.0, "unit": "PERCENT"}
    });
    merged(base, change)
}

/// The input of the operations on one task set.
pub(super) fn on(id: &str, change: Value) -> Value {
    let base = json!({"cluster": "main", "service": "shop", "taskSet": id, "taskSets": [id],
                      "primaryTaskSet": id});
    merged(base, change)
}
