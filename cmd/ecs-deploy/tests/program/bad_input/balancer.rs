//! Listeners, target groups and services that a deploy can't work with.

use serde_json::{Value, json};

use super::case::Case;
use super::theme::Theme;
use crate::support::Cloud;

const BLUE: &str = "arn:aws:elasticloadbalancing:us-east-1:111111111111:targetgroup/shop-dev-blue/73e2d6bc24d8a067";
const GREEN: &str = "arn:aws:elasticloadbalancing:us-east-1:111111111111:targetgroup/shop-dev-green/8d4c1f6a35e7b902";

/// Points the environment to another listener.
fn listener(arn: &str) -> impl FnOnce(&mut Value) {
    move |config| dev(config)["ListenerARN"] = json!(arn)
}

fn dev(config: &mut Value) -> &mut Value {
    &mut config["Apps"]["shop"]["Environments"]["dev"]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_listener_whose_rules_do_not_tell_the_colors_is_refused() {
    let mut theme = Theme::new("listener").await;
    let (cloud, mut ids) = (theme.cloud(), Vec::new());
    let bare = cloud.create_listener(8101, None).await;
    let two = cloud.create_listener(8102, None).await;
    for (priority, group) in [(1, BLUE), (2, GREEN), (3, BLUE)] {
        ids.push(cloud.create_rule(&two, priority, group).await);
    }
    let default = cloud.create_listener(8103, Some(GREEN)).await;
    cloud.create_rule(&default, 1, BLUE).await;
    ids.extend([&bare, &two, &default].map(Clone::clone));
    for arn in &ids {
        theme.names(arn.rsplit('/').next().unwrap(), "ID");
    }
    theme.config("bare.json", listener(&bare));
    theme.config("two.json", listener(&two));
    theme.config("default.json", listener(&default));
    let none = "arn:aws:elasticloadbalancing:us-east-1:111111111111:listener/app/shop-dev/50dc6c495c0c9188/0000000000000000";
    theme.config("none.json", listener(none));
    theme.config("nlb.json", listener(&none.replace("/app/", "/net/")));
    theme
        .all(vec![
            Case::deploy("without-rules", "bare.json", 2),
            Case::plan("without-rules-for-plan", "bare.json", 2),
            Case::look("without-rules-for-status", "status", "bare.json", 1),
            Case::look("without-rules-for-lock-status", "lock status", "bare.json", 0),
            Case::deploy("two-rules-for-a-color", "two.json", 2),
            Case::deploy("only-the-default-rule-for-a-color", "default.json", 2),
            Case::deploy("not-found", "none.json", 2),
            Case::look("not-found-for-status", "status", "none.json", 1),
            Case::deploy("of-a-network-load-balancer", "nlb.json", 2),
        ])
        .await;
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
    /// A listener of the balancer: it answers with 404, or forwards to a group.
    async fn create_listener(&self, port: u16, default: Option<&str>) -> String {
        let action = match default {
            Some(group) => forward("DefaultActions", group),
            None => "&DefaultActions.member.1.Type=fixed-response\
                     &DefaultActions.member.1.FixedResponseConfig.StatusCode=404"
                .to_owned(),
        };
        let form = format!(
            "Action=CreateListener&Version=2015-12-01&Protocol=HTTP&Port={port}&LoadBalancerArn=\
             arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/app/shop-dev/50dc6c495c0c9188{action}"
        );
        member(&self.query(form).await, "<ListenerArn>")
    }

    async fn create_rule(&self, listener: &str, priority: u16, group: &str) -> String {
        let forward = forward("Actions", group);
        let form = format!(
            "Action=CreateRule&Version=2015-12-01&ListenerArn={listener}&Priority={priority}\
             &Conditions.member.1.Field=path-pattern&Conditions.member.1.Values.member.1=/*{forward}"
        );
        member(&self.query(form).await, "<RuleArn>")
    }
}

fn member(xml: &str, tag: &str) -> String {
    let value = xml.split(tag).nth(1).and_then(|rest| rest.split('<').next());
    value.expect("the member").to_owned()
}

fn forward(list: &str, group: &str) -> String {
    format!("&{list}.member.1.Type=forward&{list}.member.1.TargetGroupArn={group}")
}
