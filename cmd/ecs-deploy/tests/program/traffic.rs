//! What a deploy says of traffic is what users get: set-ups around the pair of rules in which a deploy
//! once left users behind, and the next one stopped their tasks.

mod advice;

use std::collections::BTreeSet;
use std::net::SocketAddr;

use serde_json::{Value, json};

use crate::support::{
    Ended, FIRST, LISTENER, Running, SECOND, Sandbox, THIRD, all_answered, config,
};

const GREEN: &str = "arn:aws:elasticloadbalancing:us-east-1:111111111111:targetgroup/shop-dev-green/8d4c1f6a35e7b902";

/// The rule of a color as the sandbox makes it.
fn rule(color: &str) -> String {
    let id = if color == "green" { "000000000000000b" } else { "000000000000000c" };
    format!("{}/{id}", LISTENER.replacen(":listener/", ":listener-rule/", 1))
}

/// Gives a rule another condition.
async fn condition(sandbox: &Sandbox, color: &str, field: &str, value: &str) {
    let form = format!(
        "Action=ModifyRule&Version=2015-12-01&RuleArn={}&Conditions.member.1.Field={field}\
         &Conditions.member.1.Values.member.1={value}",
        rule(color)
    );
    sandbox.cloud.query(form).await;
}

/// A deploy that is refused, with what it printed.
async fn refused(sandbox: &Sandbox, words: &str) -> Ended {
    let refused = sandbox.deploy(SECOND, &[]).await.with(2);
    refused.telling(words)
}

/// Two deploys, of which the second deletes what the first left; asserts that users of a listener and a
/// host got all versions and no error.
async fn deploy_twice_under_traffic(sandbox: &Sandbox, listener: SocketAddr, host: Option<&str>) {
    let users = sandbox.users_of(listener, host);
    for sha in [SECOND, THIRD] {
        sandbox.deploy(sha, &[]).await.with(0);
        sandbox.version_of(listener, host, sha).await;
    }
    let seen = all_answered(users).await;
    assert_eq!(seen, BTreeSet::from([FIRST, SECOND, THIRD].map(String::from)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rules_of_different_hosts_are_refused_and_with_the_advice_users_follow_every_deploy() {
    let sandbox = Sandbox::start().await;
    condition(&sandbox, "green", "host-header", "shop.example.com").await;
    condition(&sandbox, "blue", "host-header", "preview.example.com").await;
    let told =
        refused(&sandbox, "no rule behind it forwards to blue with the same conditions").await;
    advice::follow(&sandbox, &told.stderr, "fix").await;
    deploy_twice_under_traffic(&sandbox, sandbox.traffic, Some("shop.example.com")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_default_action_beside_path_rules_is_refused_and_with_the_advice_users_follow() {
    let sandbox = Sandbox::start().await;
    condition(&sandbox, "green", "path-pattern", "/api/*").await;
    condition(&sandbox, "blue", "path-pattern", "/api/*").await;
    let form = format!(
        "Action=ModifyListener&Version=2015-12-01&ListenerArn={LISTENER}\
         &DefaultActions.member.1.Type=forward&DefaultActions.member.1.TargetGroupArn={GREEN}"
    );
    sandbox.cloud.query(form).await;
    let told = refused(&sandbox, "a default rule can't be moved").await;
    advice::follow(&sandbox, &told.stderr, "fix").await;
    deploy_twice_under_traffic(&sandbox, sandbox.traffic, None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_listener_is_refused_and_with_the_advice_its_users_follow() {
    let mut two = config(&[], &[]);
    let dev = &mut two["Apps"]["shop"]["Environments"]["dev"];
    let second = LISTENER.replace("f2f7dc8efc522ab2", "0f0f0f0f0f0f0f0f");
    dev["ListenerARNs"] = json!([second]);
    let sandbox = Sandbox::of(&two.to_string()).await;
    // As a team has it that knows of one listener alone: the other forwards everything to a group.
    for color in ["green", "blue"] {
        let rule = rule(color).replace("f2f7dc8efc522ab2", "0f0f0f0f0f0f0f0f");
        sandbox.cloud.query(format!("Action=DeleteRule&Version=2015-12-01&RuleArn={rule}")).await;
    }
    let form = format!(
        "Action=ModifyListener&Version=2015-12-01&ListenerArn={second}\
         &DefaultActions.member.1.Type=forward&DefaultActions.member.1.TargetGroupArn={GREEN}"
    );
    sandbox.cloud.query(form).await;
    std::fs::write(sandbox.config(), config(&[], &[]).to_string()).unwrap();
    let told = refused(&sandbox, "a deploy does not move its listener").await;
    advice::follow(&sandbox, &told.stderr, "fix").await;
    let second = sandbox.listener(1);
    let users = sandbox.users();
    deploy_twice_under_traffic(&sandbox, second, None).await;
    assert_eq!(all_answered(users).await.len(), 3);

    let mut back = sandbox.look(&["rollback"]);
    back.args(["-env", "dev"]);
    Running::start(back).ended().await.with(0);
    sandbox.version_of(second, None, SECOND).await;
    assert_eq!(sandbox.version().await, SECOND);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn accepted_rules_are_left_alone_for_good_or_for_one_run() {
    let sandbox = Sandbox::start().await;
    let form = format!(
        "Action=CreateRule&Version=2015-12-01&ListenerArn={LISTENER}&Priority=5\
         &Conditions.member.1.Field=path-pattern&Conditions.member.1.Values.member.1=/canary/*\
         &Actions.member.1.Type=forward&Actions.member.1.TargetGroupArn={GREEN}"
    );
    sandbox.cloud.query(form).await;
    let told = refused(&sandbox, "or once  -accept-rules ").await;
    let digest = told.stderr.split("-accept-rules ").nth(1).unwrap()[..12].to_owned();
    sandbox.deploy(SECOND, &["-accept-rules", &digest]).await.with(0);
    assert_eq!(sandbox.version().await, SECOND);
    let told = sandbox.deploy(THIRD, &[]).await.with(2);
    advice::follow(&sandbox, &told.stderr, "or leave").await;
    let deployed = sandbox.deploy(THIRD, &[]).await.with(0);
    deployed.telling("is deleted, though accepted rules lead to it");
    assert_eq!(sandbox.version().await, THIRD);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rollback_moves_what_it_can_and_reports_the_rest() {
    let sandbox = Sandbox::start().await;
    sandbox.deploy(SECOND, &[]).await.with(0);
    let form = format!(
        "Action=CreateRule&Version=2015-12-01&ListenerArn={LISTENER}&Priority=5\
         &Conditions.member.1.Field=path-pattern&Conditions.member.1.Values.member.1=/canary/*\
         &Actions.member.1.Type=forward&Actions.member.1.TargetGroupArn={GREEN}"
    );
    sandbox.cloud.query(form).await;
    let mut back = sandbox.look(&["rollback"]);
    back.args(["-env", "dev"]);
    let rolled_back = Running::start(back).ended().await.with(0);
    rolled_back.telling("warning  not moved: rule 5 of HTTP:80 (path /canary/*) forwards to green");
    assert_eq!(sandbox.version().await, FIRST);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_maintenance_answer_is_no_obstacle_and_the_success_says_that_no_request_comes_through() {
    let sandbox = Sandbox::start().await;
    let form = format!(
        "Action=CreateRule&Version=2015-12-01&ListenerArn={LISTENER}&Priority=1\
         &Conditions.member.1.Field=path-pattern&Conditions.member.1.Values.member.1=*\
         &Actions.member.1.Type=fixed-response\
         &Actions.member.1.FixedResponseConfig.StatusCode=503"
    );
    sandbox.cloud.query(form).await;
    let deployed = sandbox.deploy(SECOND, &[]).await.with(0);
    let deployed = deployed.telling("warning  no request reaches rule 11: rule 1 of HTTP:80");
    let done = deployed.stderr.lines().find(|line| line.contains("done     ")).unwrap();
    assert!(done.contains("; no request reaches rule 11"), "{done}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn environments_that_share_a_listener_are_told_apart_by_their_hosts() {
    let mut shared = config(&[], &[]);
    let environments = &mut shared["Apps"]["shop"]["Environments"];
    let mut other = environments["dev"].clone();
    other["Family"] = json!("shop-test");
    for color in ["blue", "green"] {
        let arn =
            other["TargetGroupARNs"][color].as_str().unwrap().replace("shop-dev", "shop-test");
        other["TargetGroupARNs"][color] = json!(arn);
    }
    environments["test"] = other;
    let sandbox = Sandbox::of(&shared.to_string()).await;
    let hosts: Vec<Value> =
        (0..2).map(|at| sandbox.ready["Environments"][at]["Host"].clone()).collect();
    assert_eq!(hosts, ["dev.shop.localhost", "test.shop.localhost"]);
    sandbox.deploy(SECOND, &[]).await.with(0);
    sandbox.version_of(sandbox.traffic, hosts[0].as_str(), SECOND).await;
    sandbox.version_of(sandbox.traffic, hosts[1].as_str(), FIRST).await;
}
