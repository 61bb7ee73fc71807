//! What a deploy sends to AWS, member by member, from a config whose names all differ.

use std::collections::BTreeMap;

use bytes::Bytes;
use ecs_deploy::config::{Config, Target};
use ecs_deploy::names::Color;
use ecs_deploy::{Mode, Order};
use ecs_deploy_proof::{Line, operation};
use http::Request;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::Bench;

/// The shop's environment under other names of the app and of its project.
fn target(bench: &Bench, sizes_and_roles: &Value) -> Target {
    let mut environment = json!({
        "AccountID": bench.shop.account, "Region": bench.shop.region,
        "Cluster": "main", "Family": "shop",
        "SecurityGroups": ["sg-1", "sg-2"], "Subnets": ["subnet-1", "subnet-2"],
        "ListenerARN": bench.shop.listener(),
        "TargetGroupARNs": {
            "blue": bench.shop.group(Color::Blue), "green": bench.shop.group(Color::Green)
        },
        "Deployment": {"SettleTime": "1s"},
    });
    let members = environment.as_object_mut().expect("an object");
    members.extend(sizes_and_roles.as_object().expect("an object").clone());
    let config = json!({
        "ConfigAccountID": bench.shop.config_account, "ConfigRegion": bench.shop.region,
        "Apps": {"store": {
            "ArtifactDBProjectName": "shop",
            "ContainerDefinitionTemplates": [
                {"Name": "front-{{.Environment}}", "Image": "{{.Artifact.Value}}",
                 "PortMappings": [{"containerPort": 8081}]},
                {"Name": "side", "Image": "proxy:1", "PortMappings": [{"containerPort": 9}]}
            ],
            "Environments": {"test": environment},
        }},
    });
    Config::parse(&config.to_string(), "shop.json").unwrap().target("store", "test").unwrap()
}

fn order(bench: &Bench, sha: &str, target: Target) -> Order {
    let mut order = bench.ann.order(sha, Mode::Fresh);
    order.request.target = target;
    order
}

/// What was sent over a line.
struct Sent(Line);

impl Sent {
    /// The bodies of the calls of an operation.
    fn bodies(&self, name: &str) -> Vec<Bytes> {
        let sent = self.0.sent().into_iter().filter(|request| operation(request) == name);
        sent.map(Request::into_body).collect()
    }

    /// The body of the only call of an operation.
    fn body(&self, name: &str) -> Value {
        let [body] = <[Bytes; 1]>::try_from(self.bodies(name)).expect(name);
        serde_json::from_slice(&body).expect("JSON")
    }

    /// The body of the first call of an operation, as a form.
    fn form(&self, name: &str) -> BTreeMap<String, String> {
        let body = self.bodies(name).swap_remove(0);
        let text = std::str::from_utf8(&body).expect("text");
        let decoded = |text: &str| text.replace("%3A", ":").replace("%2F", "/");
        let pairs = text.split('&').map(|pair| pair.split_once('=').expect("a pair"));
        pairs.map(|(name, value)| (name.to_owned(), decoded(value))).collect()
    }
}

/// The second deploy of a service, with an old set to delete.
async fn second_deploy(bench: &Bench) -> Sent {
    let target = target(
        bench,
        &json!({"CPU": "512", "Memory": "1024", "TaskRoleArn": "worker",
        "ExecutionRoleArn": "arn:aws:iam::222222222222:role/starter"}),
    );
    let (never, line) = (CancellationToken::new(), Line::default());
    let first = order(bench, "one", target.clone());
    bench.ann.run(&first, &Line::default(), &never).await.expect("nothing stands against it");
    bench.pass(10).await;
    let second = order(bench, "two", target);
    bench.ann.run(&second, &line, &never).await.expect("nothing stands against it");
    Sent(line)
}

/// The tags of what is created.
fn tags() -> [Value; 2] {
    [("artifact-build-number", "2"), ("config-sha", "1a2b3c4d")]
        .map(|(key, value)| json!({"key": key, "value": value}))
}

#[tokio::test(start_paused = true)]
async fn what_is_created_is_asked_for_member_by_member() {
    let bench = Bench::open().await;
    let sent = second_deploy(&bench).await;
    let [build, config] = tags();
    let registered = sent.body("RegisterTaskDefinition");
    let expected = json!({
        "family": "shop", "cpu": "512", "memory": "1024", "taskRoleArn": "worker",
        "executionRoleArn": "arn:aws:iam::222222222222:role/starter",
        "requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc",
        "containerDefinitions": [
            {"name": "front-test", "image": "shop:2", "portMappings": [{"containerPort": 8081}]},
            {"name": "side", "image": "proxy:1", "portMappings": [{"containerPort": 9}]}
        ],
        "tags": [build, config, {"key": "ecs-deploy-token", "value": registered["tags"][2]["value"]}],
    });
    assert_eq!(registered, expected);
    let created = sent.body("CreateTaskSet");
    let token = created["clientToken"].as_str().expect("a token");
    let expected = json!({
        "cluster": "main", "service": "shop", "clientToken": token, "externalId": token,
        "taskDefinition": "arn:aws:ecs:us-east-1:222222222222:task-definition/shop:3",
        "launchType": "FARGATE", "scale": {"value": 100.0, "unit": "PERCENT"},
        "networkConfiguration": {"awsvpcConfiguration":
            {"subnets": ["subnet-1", "subnet-2"], "securityGroups": ["sg-1", "sg-2"]}},
        "loadBalancers": [{"targetGroupArn": bench.shop.group(Color::Green),
            "containerName": "front-test", "containerPort": 8081}],
        "tags": tags(),
    });
    assert_eq!(created, expected);
}

#[tokio::test(start_paused = true)]
async fn what_was_there_is_changed_with_the_originals_calls() {
    let bench = Bench::open().await;
    let sent = second_deploy(&bench).await;
    let service =
        |member: &str, set: &Value| json!({"cluster": "main", "service": "shop", member: set});
    let scaled = sent.body("UpdateTaskSet");
    let mut expected = service("taskSet", &scaled["taskSet"]);
    expected["scale"] = json!({"value": 0.0, "unit": "PERCENT"});
    assert_eq!(scaled, expected);
    let mut expected = service("taskSet", &scaled["taskSet"]);
    expected["force"] = json!(true);
    assert_eq!(sent.body("DeleteTaskSet"), expected);
    let primary = sent.body("UpdateServicePrimaryTaskSet");
    assert_eq!(primary, service("primaryTaskSet", &primary["primaryTaskSet"]));
    assert_ne!(primary["primaryTaskSet"], scaled["taskSet"]);
    let described: Value = serde_json::from_slice(&sent.bodies("DescribeServices")[0]).unwrap();
    assert_eq!(described, json!({"cluster": "main", "services": ["shop"]}));
}

#[tokio::test(start_paused = true)]
async fn the_rules_of_the_listener_are_read_and_exchanged_in_one_call() {
    let bench = Bench::open().await;
    let sent = second_deploy(&bench).await;
    assert_eq!(sent.form("DescribeRules")["ListenerArn"], bench.shop.listener().to_string());
    assert_eq!(sent.bodies("SetRulePriorities").len(), 1);
    let swap = sent.form("SetRulePriorities");
    let priority = |member: u8| &*swap[&format!("RulePriorities.member.{member}.Priority")];
    let mut priorities = [priority(1), priority(2)];
    priorities.sort();
    assert_eq!(priorities, ["11", "12"]);
    assert_eq!(bench.shop.serving(&bench.world), Color::Green);
}

#[tokio::test(start_paused = true)]
async fn roles_that_the_config_leaves_empty_are_sent_empty() {
    let bench = Bench::open().await;
    let sent = Sent(Line::default());
    let sizes = json!({"CPU": "256", "Memory": "512", "TaskRoleArn": ""});
    let order = order(&bench, "one", target(&bench, &sizes));
    let never = CancellationToken::new();
    bench.ann.run(&order, &sent.0, &never).await.expect("nothing stands against it");
    let registered = sent.body("RegisterTaskDefinition");
    for member in ["taskRoleArn", "executionRoleArn"] {
        assert_eq!(registered[member], json!(""), "{member}");
    }
}
