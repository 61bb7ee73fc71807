//! Attributes of balancers and target groups, by AWS's names.

use std::collections::BTreeMap;
use std::time::Duration;

use super::action::refuse_stickiness;
use super::{BalancerKind, Elb, LoadBalancer, TargetGroup};
use crate::model::ApiError;

/// The one attribute of a target group that changes how it behaves here.
const DELAY: &str = "deregistration_delay.timeout_seconds";

/// The other attributes of a target group, with AWS's defaults.
const OF_GROUP: [(&str, &str); 10] = [
    ("stickiness.enabled", "false"),
    ("stickiness.type", "lb_cookie"),
    ("stickiness.lb_cookie.duration_seconds", "86400"),
    ("stickiness.app_cookie.cookie_name", ""),
    ("stickiness.app_cookie.duration_seconds", "86400"),
    ("slow_start.duration_seconds", "0"),
    ("load_balancing.algorithm.type", "round_robin"),
    ("load_balancing.algorithm.anomaly_mitigation", "off"),
    ("load_balancing.cross_zone.enabled", "use_load_balancer_configuration"),
    ("target_group_health.dns_failover.minimum_healthy_targets.count", "1"),
];

const OF_BALANCER: [(&str, &str); 3] = [
    ("access_logs.s3.enabled", "false"),
    ("deletion_protection.enabled", "false"),
    ("load_balancing.cross_zone.enabled", "true"),
];

const OF_APPLICATION_BALANCER: [(&str, &str); 2] =
    [("idle_timeout.timeout_seconds", "60"), ("routing.http2.enabled", "true")];

impl LoadBalancer {
    /// Its attributes.
    pub fn attributes(&self) -> BTreeMap<String, String> {
        let own: &[_] = match self.kind() {
            BalancerKind::Application => &OF_APPLICATION_BALANCER,
            BalancerKind::Network => &[],
        };
        OF_BALANCER.iter().chain(own).map(owned).collect()
    }
}

impl TargetGroup {
    /// Its attributes.
    pub fn attributes(&self) -> BTreeMap<String, String> {
        let mut attributes: BTreeMap<_, _> = OF_GROUP.iter().map(owned).collect();
        attributes.extend(self.attributes.clone());
        attributes.insert(DELAY.to_owned(), self.deregistration_delay.as_secs().to_string());
        attributes
    }

    /// Whether clients are pinned to targets of this group.
    pub fn is_sticky(&self) -> bool {
        self.attributes.get("stickiness.enabled").is_some_and(|enabled| enabled == "true")
    }

    /// Whether an application's own cookie would pin them.
    pub(super) fn uses_application_cookies(&self) -> bool {
        self.attributes.get("stickiness.type").is_some_and(|kind| kind == "app_cookie")
    }

    fn set(&mut self, key: &str, value: &str) -> Result<(), ApiError> {
        if key == DELAY {
            let seconds = value.parse().ok().filter(|seconds| *seconds <= 3600);
            let seconds = seconds.ok_or_else(|| refused(key, value))?;
            self.deregistration_delay = Duration::from_secs(seconds);
            return Ok(());
        }
        if !OF_GROUP.iter().any(|(known, _)| *known == key) {
            let message = format!("Target group attribute key '{key}' is not recognized");
            return Err(ApiError::client("ValidationError", message));
        }
        if !is_allowed(key, value) {
            return Err(refused(key, value));
        }
        self.attributes.insert(key.to_owned(), value.to_owned());
        Ok(())
    }
}

impl Elb {
    /// Sets attributes of a target group, all of them or none.
    ///
    /// # Errors
    /// `TargetGroupNotFound`, `ValidationError` for an unknown key or unusable value,
    /// `InvalidConfigurationRequest` when the group would be sticky in a forward that can't be.
    pub fn set_group_attributes(
        &mut self,
        arn: &str,
        changes: &[(String, String)],
    ) -> Result<&TargetGroup, ApiError> {
        let mut group = self.group(arn)?.clone();
        for (key, value) in changes {
            group.set(key, value)?;
        }
        for forward in self.rules.values().filter_map(|rule| rule.forward()) {
            if forward.groups.iter().any(|weighted| weighted.arn == arn) {
                refuse_stickiness(&group, forward)?;
            }
        }
        self.groups.insert(arn.to_owned(), group);
        self.group(arn)
    }
}

fn is_allowed(key: &str, value: &str) -> bool {
    match key {
        "stickiness.enabled" => matches!(value, "true" | "false"),
        "stickiness.type" => matches!(value, "lb_cookie" | "app_cookie"),
        "stickiness.lb_cookie.duration_seconds" | "stickiness.app_cookie.duration_seconds" => {
            value.parse().is_ok_and(|seconds: u32| (1..=604_800).contains(&seconds))
        }
        "slow_start.duration_seconds" => {
            value.parse().is_ok_and(|seconds: u32| seconds == 0 || (30..=900).contains(&seconds))
        }
        _ => !value.is_empty(),
    }
}

fn refused(key: &str, value: &str) -> ApiError {
    let message = format!("Target group attribute '{key}' cannot have the value '{value}'");
    ApiError::client("ValidationError", message)
}

fn owned((key, value): &(&str, &str)) -> (String, String) {
    ((*key).to_owned(), (*value).to_owned())
}
