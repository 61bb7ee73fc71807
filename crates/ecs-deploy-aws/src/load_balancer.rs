//! Application Load Balancers over the SDK.

mod answer;

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_elasticloadbalancingv2::Client;
use aws_sdk_elasticloadbalancingv2::types::{self, RulePriorityPair};
use ecs_deploy::cloud::{CloudError, LoadBalancer, TargetHealth};
use ecs_deploy::fence::Permit;
use ecs_deploy::names::{ListenerArn, TargetGroupArn};
use ecs_deploy::traffic::{Listener, Rule, RuleArn};

use crate::call::Call;
use crate::error::odd_answer;
use crate::pages::{self, Page};

const DESCRIBE_ATTRIBUTES: &str = "elasticloadbalancing:DescribeTargetGroupAttributes";
const DESCRIBE_HEALTH: &str = "elasticloadbalancing:DescribeTargetHealth";
const DESCRIBE_LISTENERS: &str = "elasticloadbalancing:DescribeListeners";
const DESCRIBE_RULES: &str = "elasticloadbalancing:DescribeRules";
const SET_PRIORITIES: &str = "elasticloadbalancing:SetRulePriorities";

/// The attribute of a target group that says how long its members drain, in seconds.
const DEREGISTRATION_DELAY: &str = "deregistration_delay.timeout_seconds";

/// Elastic Load Balancing in one account and region.
pub(crate) struct Elb {
    client: Client,
}

impl Elb {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    async fn listeners_page(
        &self,
        balancer: &str,
        marker: Option<String>,
    ) -> Result<Page<types::Listener, String>, CloudError> {
        let call = Call::read(DESCRIBE_LISTENERS);
        let request = self
            .client
            .describe_listeners()
            .load_balancer_arn(balancer)
            .set_marker(marker)
            .customize()
            .interceptor(call.fence());
        let answer = call.answer(request.send()).await?;
        Ok(Page { items: answer.listeners.unwrap_or_default(), next: answer.next_marker })
    }

    async fn rules_page(
        &self,
        listener: &ListenerArn,
        marker: Option<String>,
    ) -> Result<Page<types::Rule, String>, CloudError> {
        let call = Call::read(DESCRIBE_RULES);
        let request = self
            .client
            .describe_rules()
            .listener_arn(listener.to_string())
            .set_marker(marker)
            .customize()
            .interceptor(call.fence());
        let answer = call.answer(request.send()).await?;
        Ok(Page { items: answer.rules.unwrap_or_default(), next: answer.next_marker })
    }
}

#[async_trait]
impl LoadBalancer for Elb {
    async fn listeners(&self, of: &ListenerArn) -> Result<Vec<Listener>, CloudError> {
        let balancer = of.balancer();
        let page = |marker| self.listeners_page(&balancer, marker);
        let listeners = pages::all(DESCRIBE_LISTENERS, page).await?;
        listeners.iter().map(answer::listener).collect()
    }

    async fn rules(&self, listener: &ListenerArn) -> Result<Vec<Rule>, CloudError> {
        let rules = pages::all(DESCRIBE_RULES, |marker| self.rules_page(listener, marker)).await?;
        rules.iter().map(answer::rule).collect()
    }

    async fn health(&self, group: &TargetGroupArn) -> Result<Vec<TargetHealth>, CloudError> {
        let call = Call::read(DESCRIBE_HEALTH);
        let request = self
            .client
            .describe_target_health()
            .target_group_arn(group.to_string())
            .customize()
            .interceptor(call.fence());
        let answer = call.answer(request.send()).await?;
        answer.target_health_descriptions().iter().map(answer::target).collect()
    }

    async fn deregistration_delay(&self, group: &TargetGroupArn) -> Result<Duration, CloudError> {
        let call = Call::read(DESCRIBE_ATTRIBUTES);
        let request = self
            .client
            .describe_target_group_attributes()
            .target_group_arn(group.to_string())
            .customize()
            .interceptor(call.fence());
        let answer = call.answer(request.send()).await?;
        let mut attributes = answer.attributes().iter();
        let delay = attributes.find(|attribute| attribute.key() == Some(DEREGISTRATION_DELAY));
        let seconds = delay.and_then(|delay| delay.value()?.parse().ok());
        seconds
            .map(Duration::from_secs)
            .ok_or_else(|| odd_answer(DESCRIBE_ATTRIBUTES, format!("no {DEREGISTRATION_DELAY}")))
    }

    async fn set_priorities(
        &self,
        permit: &Permit,
        priorities: &BTreeMap<RuleArn, u32>,
    ) -> Result<(), CloudError> {
        let call = Call::change(SET_PRIORITIES, permit);
        let request = self
            .client
            .set_rule_priorities()
            .set_rule_priorities(Some(priorities.iter().map(pair).collect()))
            .customize()
            .interceptor(call.fence());
        call.answer(request.send()).await.map(drop)
    }
}

/// A number beyond the SDK's type is beyond AWS's 50,000 too, which refuses it by name.
fn pair((rule, priority): (&RuleArn, &u32)) -> RulePriorityPair {
    let priority = i32::try_from(*priority).unwrap_or(i32::MAX);
    RulePriorityPair::builder().rule_arn(&rule.0).priority(priority).build()
}
