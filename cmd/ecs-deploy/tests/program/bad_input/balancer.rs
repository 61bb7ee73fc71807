//! Listeners, target groups and services that a deploy can't work with.

use serde_json::{Value, json};

use super::case::Case;
use super::theme::Theme;
use crate::support::{Cloud, LISTENER};

const BLUE: &str = "arn:aws:elasticloadbalancing:us-east-1:111111111111:targetgroup/shop-dev-blue/73e2d6bc24d8a067";
const GREEN: &str = "arn:aws:elasticloadbalancing:us-east-1:111111111111:targetgroup/shop-dev-green/8d4c1f6a35e7b902";

/// Points the environment to another listener.
fn listener(arn: &str) -> impl FnOnce(&mut Value) {
    move |config| dev(config)["ListenerARN"] = json!(arn)
}

fn dev(config: &mut Value) -> &mut Value {
    &mut config["Apps"]["shop"]["Environments"]["dev"]
}

/// The rules that the sandbox begins with: green's and blue's.
const RULES: [&str; 2] = ["000000000000000b", "000000000000000c"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_listener_that_is_not_there_or_is_no_application_load_balancers_is_refused() {
    let mut theme = Theme::new("listener").await;
    let none = "arn:aws:elasticloadbalancing:us-east-1:111111111111:listener/app/shop-dev/50dc6c495c0c9188/0000000000000000";
    theme.config("none.json", listener(none));
    theme.config("nlb.json", listener(&none.replace("/app/", "/net/")));
    theme.config("other.json", |config| {
        dev(config)["ListenerARNs"] = json!([none.replace("shop-dev", "shop-prod")]);
    });
    theme.config("rule.json", |config| dev(config)["AcceptedRules"] = json!([none]));
    theme
        .all(vec![
            Case::deploy("not-found", "none.json", 2),
            Case::look("not-found-for-status", "status", "none.json", 1),
            Case::deploy("of-a-network-load-balancer", "nlb.json", 2),
            Case::deploy("of-another-balancer", "other.json", 2),
            Case::deploy("in-place-of-a-rule", "rule.json", 2),
        ])
        .await;
    theme.end();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_listener_without_the_colors_rules_is_refused() {
    let mut theme = Theme::new("no-rules").await;
    theme.cloud().delete_rules().await;
    theme
        .all(vec![
            Case::deploy("deploy", "deploy.json", 2),
            Case::plan("plan", "deploy.json", 2),
            Case::look("status", "status", "deploy.json", 1),
            Case::look("lock-status", "lock status", "deploy.json", 0),
            Case::look("rollback", "rollback", "deploy.json", 2),
        ])
        .await;
    theme.end();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rules_that_would_be_left_behind_are_refused_with_what_to_do() {
    let mut theme = Theme::new("rules").await;
    let lone = theme.cloud().create_rule(5, "/api/*", &forward("Actions", GREEN)).await;
    theme.names(&lone, "RULE-API");
    theme.one(Case::deploy("without-a-partner", "deploy.json", 2)).await;
    theme.one(Case::plan("without-a-partner-for-plan", "deploy.json", 2)).await;
    theme.one(Case::look("without-a-partner-for-status", "status", "deploy.json", 0)).await;
    let wrong = Case::deploy("wrong-digest", "deploy.json", 2).with("-accept-rules 0123456789ab");
    theme.one(wrong).await;
    theme.one(Case::deploy("no-digest", "deploy.json", 2).with("-accept-rules all")).await;
    theme.cloud().delete_rule(&lone).await;

    let shares = format!("{}{}", weighted(1, GREEN, 90), weighted(2, BLUE, 10));
    let split = format!("&Actions.member.1.Type=forward{shares}");
    let canary = theme.cloud().create_rule(5, "/*", &split).await;
    theme.names(&canary, "RULE-CANARY");
    theme.one(Case::deploy("canary-by-hand", "deploy.json", 2)).await;
    theme.cloud().delete_rule(&canary).await;

    let group = theme.cloud().create_group("shop-prod").await;
    let cover = theme.cloud().create_rule(5, "/*", &forward("Actions", &group)).await;
    theme.names(&cover, "RULE-COVER");
    theme.names(group.rsplit('/').next().unwrap(), "ID");
    theme.one(Case::deploy("covered-by-another-group", "deploy.json", 2)).await;
    theme.cloud().delete_rule(&cover).await;

    let (listener, default) = theme.cloud().create_listener(8101, GREEN).await;
    theme.names(&default, "DEFAULT-RULE");
    theme.names(&listener, "LISTENER");
    theme.one(Case::deploy("second-listener", "deploy.json", 2)).await;
    let delete = format!("Action=DeleteListener&Version=2015-12-01&ListenerArn={listener}");
    theme.cloud().query(delete).await;

    theme.cloud().delete_rules().await;
    for (number, path, group, name) in
        [(5, "/api/*", BLUE, "RULE-BLUE"), (6, "/web/*", GREEN, "RULE-GREEN")]
    {
        let rule = theme.cloud().create_rule(number, path, &forward("Actions", group)).await;
        theme.names(&rule, name);
    }
    theme.one(Case::deploy("other-conditions", "deploy.json", 2)).await;
    theme.end();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_desired_count_of_0_is_refused() {
    let mut theme = Theme::new("desired-count").await;
    theme.cloud().set_desired_count(0).await;
    theme.cloud().wait_for_no_task().await;
    theme.one(Case::plan("zero-for-plan", "deploy.json", 2)).await;
    theme.one(Case::deploy("zero", "deploy.json", 2)).await;
    theme.one(Case::plan("zero-allowed-for-plan", "deploy.json", 0).with("-allow-zero")).await;
    theme.end();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_target_group_or_a_service_that_is_not_there_is_refused() {
    let mut theme = Theme::new("service").await;
    theme.config("group.json", |config| {
        dev(config)["TargetGroupARNs"]["blue"] = json!(BLUE.replace("73e2", "0000"));
    });
    theme.config("cluster.json", |config| dev(config)["Cluster"] = json!("mian"));
    theme.config("family.json", |config| dev(config)["Family"] = json!("shop-def"));
    theme
        .all(vec![
            Case::deploy("target-group-missing", "group.json", 2),
            Case::plan("target-group-missing-for-plan", "group.json", 2),
            Case::look("target-group-missing-for-status", "status", "group.json", 1),
            Case::deploy("cluster-missing", "cluster.json", 2),
            Case::deploy("service-missing", "family.json", 2),
            Case::look("service-missing-for-status", "status", "family.json", 1),
        ])
        .await;
    theme.end();
}

impl Cloud {
    /// Deletes the rules that the sandbox began with.
    async fn delete_rules(&self) {
        for id in RULES {
            let arn = LISTENER.replacen(":listener/", ":listener-rule/", 1);
            self.delete_rule(&format!("{arn}/{id}")).await;
        }
    }

    /// A listener of the balancer that forwards everything to a group, and its default rule.
    async fn create_listener(&self, port: u16, group: &str) -> (String, String) {
        let action = forward("DefaultActions", group);
        let form = format!(
            "Action=CreateListener&Version=2015-12-01&Protocol=HTTP&Port={port}&LoadBalancerArn=\
             arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/app/shop-dev/50dc6c495c0c9188{action}"
        );
        let listener = member(&self.query(form).await, "<ListenerArn>");
        let form = format!("Action=DescribeRules&Version=2015-12-01&ListenerArn={listener}");
        let rule = member(&self.query(form).await, "<RuleArn>");
        (listener, rule)
    }

    /// A rule of the listener for a path.
    async fn create_rule(&self, priority: u16, path: &str, actions: &str) -> String {
        let form = format!(
            "Action=CreateRule&Version=2015-12-01&ListenerArn={LISTENER}&Priority={priority}\
             &Conditions.member.1.Field=path-pattern&Conditions.member.1.Values.member.1={path}{actions}"
        );
        member(&self.query(form).await, "<RuleArn>")
    }

    async fn delete_rule(&self, arn: &str) {
        self.query(format!("Action=DeleteRule&Version=2015-12-01&RuleArn={arn}")).await;
    }

    async fn create_group(&self, name: &str) -> String {
        let form = format!(
            "Action=CreateTargetGroup&Version=2015-12-01&Name={name}&Protocol=HTTP&Port=80\
             &TargetType=ip&VpcId=vpc-1"
        );
        member(&self.query(form).await, "<TargetGroupArn>")
    }

    async fn wait_for_no_task(&self) {
        let which = json!({"cluster": "main", "services": ["shop-dev"]});
        // Answers lag: the count that is desired and the tasks have to be seen together.
        loop {
            let found = self.ecs("DescribeServices", which.clone()).await["services"][0].take();
            if found["desiredCount"] == 0 && found["runningCount"] == 0 {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
    }
}

fn member(xml: &str, tag: &str) -> String {
    let value = xml.split(tag).nth(1).and_then(|rest| rest.split('<').next());
    value.expect("the member").to_owned()
}

fn forward(list: &str, group: &str) -> String {
    format!("&{list}.member.1.Type=forward&{list}.member.1.TargetGroupArn={group}")
}

/// One of several groups of a forward.
fn weighted(number: u8, group: &str, weight: u16) -> String {
    let config = "Actions.member.1.ForwardConfig.TargetGroups.member";
    format!("&{config}.{number}.TargetGroupArn={group}&{config}.{number}.Weight={weight}")
}
