//! The policies of the README: what a deploy calls, and no more.

use std::collections::BTreeSet;

use bytes::Bytes;
use ecs_deploy::Mode;
use ecs_deploy::status::{self, Depth, Place};
use ecs_deploy_proof::{Line, operation};
use ecs_deploy_sandbox::model::simulate::Behaviour;
use http::Request;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::Bench;

/// What is checked by AWS beside the call that is made.
const BESIDE: [&str; 2] = ["ecs:TagResource", "iam:PassRole"];

/// The actions of the policy below a heading of the README.
fn policy(heading: &str) -> BTreeSet<String> {
    let readme = include_str!("../../../../README.md");
    let (_, below) = readme.split_once(heading).expect("the heading");
    let (_, from) = below.split_once("```json\n").expect("a policy");
    let (text, _) = from.split_once("```").expect("the end of it");
    let policy: Value = serde_json::from_str(text).expect("JSON");
    let statements = policy["Statement"].as_array().expect("statements");
    let actions = statements.iter().flat_map(|it| it["Action"].as_array().expect("actions"));
    actions.map(|action| action.as_str().expect("text").to_owned()).collect()
}

/// Everything that the program does: deploys that succeed, fail, are refused, gone on with and
/// cleaned up after, and all that only looks.
async fn everything() -> Vec<Line> {
    let bench = Bench::open().await;
    let mut lines = Vec::new();
    let mut deploy = async |sha: &str, mode| {
        let line = Line::default();
        bench.ann.deploy_over(&line, sha, mode).await;
        lines.push(line);
    };
    deploy("one", Mode::Resume).await;
    deploy("one", Mode::Fresh).await;
    protect_all_tasks(&bench);
    let sick = Behaviour { healthy_after: None, ..Behaviour::default() };
    bench.world.behave("shop:2", sick);
    deploy("two", Mode::Fresh).await;
    deploy("three", Mode::Fresh).await;
    deploy("three", Mode::StartOver).await;
    deploy("one", Mode::Resume).await;
    lines.push(look(&bench).await);
    lines
}

/// Lets the next deploy wait for those that it wants to stop.
fn protect_all_tasks(bench: &Bench) {
    let list = json!({"cluster": "main", "serviceName": "shop"});
    let tasks = bench.shop.ecs(&bench.world, "ListTasks", list)["taskArns"].take();
    let protect = json!({"cluster": "main", "tasks": tasks, "protectionEnabled": true,
                         "expiresInMinutes": 1});
    bench.shop.ecs(&bench.world, "UpdateTaskProtection", protect);
}

async fn look(bench: &Bench) -> Line {
    let line = Line::default();
    let cloud = bench.shop.connect(&bench.world, &line).await;
    let target = bench.shop.target();
    let (app, places) = (target.app.clone(), [Place { target, cloud }]);
    let (runtime, cancel) = (bench.ann.runtime(), CancellationToken::new());
    let events = &bench.ann.events;
    status::app(&app, &places, Depth::Full, &runtime, events, &cancel).await.expect("a look");
    line
}

/// The action of a call, if it was made in the name of the account and needs a permission.
fn action(call: &Request<Bytes>, account: &str) -> Option<String> {
    let authorization = call.headers()["authorization"].to_str().expect("text");
    let (_, scope) = authorization.split_once("Credential=").expect("a scope");
    let mut scope = scope.split('/');
    let (key, service) = (scope.next()?, scope.nth(2)?);
    (key == account && service != "sts").then(|| format!("{service}:{}", operation(call)))
}

#[tokio::test(start_paused = true)]
async fn the_policies_of_the_readme_are_what_is_called_and_no_more() {
    let shop = Bench::empty().shop;
    let calls: Vec<_> = everything().await.iter().flat_map(Line::sent).collect();
    let called = |account: &str| -> BTreeSet<String> {
        calls.iter().filter_map(|call| action(call, account)).collect()
    };
    let mut deploy = policy("The role for the service's account");
    for action in BESIDE {
        assert!(deploy.remove(action), "{action}");
    }
    assert_eq!(called(shop.account.as_str()), deploy);
    assert_eq!(called(shop.config_account.as_str()), policy("The role for the config account"));
}
