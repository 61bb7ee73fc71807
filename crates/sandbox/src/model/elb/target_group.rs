//! Target groups: who is in them, and how they are probed.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::time::Duration;

use super::health::{Failure, Health, Membership, Thresholds};
use super::{Elb, Resource, Target, arn};
use crate::model::{ApiError, Job, ProbeOutcome, Scope, Time};

/// How the members of a target group are probed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthCheck {
    /// The path to get, with a leading slash.
    pub path: String,
    /// The time between two probes of a target.
    pub interval: Duration,
    /// How long an answer may take.
    pub timeout: Duration,
    /// How many good probes in a row make an unhealthy target healthy; a new one needs one.
    pub healthy_threshold: u32,
    /// How many bad probes in a row make a target unhealthy.
    pub unhealthy_threshold: u32,
    /// Which statuses are good.
    pub matcher: Matcher,
}

impl Default for HealthCheck {
    /// AWS's defaults for an Application Load Balancer.
    fn default() -> Self {
        Self {
            path: "/".to_owned(),
            interval: Duration::from_secs(30),
            timeout: Duration::from_secs(5),
            healthy_threshold: 5,
            unhealthy_threshold: 2,
            matcher: Matcher::default(),
        }
    }
}

/// The statuses that count as a good answer to a probe, such as `200,300-399`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matcher {
    text: String,
    ranges: Vec<RangeInclusive<u16>>,
}

impl Default for Matcher {
    fn default() -> Self {
        Self { text: "200".to_owned(), ranges: vec![200..=200] }
    }
}

impl Matcher {
    /// Reads statuses and ranges of them, separated by commas, each from 200 to 499.
    ///
    /// # Errors
    /// `ValidationError` when the text is not of that form.
    pub fn new(text: &str) -> Result<Self, ApiError> {
        let refused = || {
            let message = format!("Health check matcher HTTP code '{text}' is not valid");
            ApiError::client("ValidationError", message)
        };
        let status = |part: &str| part.parse().ok().filter(|code| (200..=499).contains(code));
        let range = |part: &str| {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            Some(status(first)?..=status(last)?).filter(|range| !range.is_empty())
        };
        let ranges: Option<Vec<_>> = text.split(',').map(range).collect();
        Ok(Self { text: text.to_owned(), ranges: ranges.ok_or_else(refused)? })
    }

    /// The text it was read from.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether a status is a good one.
    pub fn matches(&self, status: u16) -> bool {
        self.ranges.iter().any(|range| range.contains(&status))
    }
}

/// A target group of type `ip`.
#[derive(Debug, Clone)]
pub struct TargetGroup {
    /// Its ARN.
    pub arn: String,
    /// Its protocol, such as `HTTP`.
    pub protocol: String,
    /// The port of targets that are registered without one.
    pub port: u16,
    /// The VPC it was created for.
    pub vpc: Option<String>,
    /// How its members are probed.
    pub health_check: HealthCheck,
    /// How long a deregistered target may finish its requests.
    pub deregistration_delay: Duration,
    /// What was changed of its attributes, the deregistration delay aside.
    pub(super) attributes: BTreeMap<String, String>,
    /// The balancer whose rules forward to it; nobody probes it while there is none.
    pub(super) balancer: Option<String>,
    pub(super) members: BTreeMap<Target, Membership>,
    /// How many requests it was given, for the round robin.
    pub(super) served: usize,
}

/// AWS's default deregistration delay.
pub const DEREGISTRATION_DELAY: Duration = Duration::from_secs(300);

impl TargetGroup {
    fn new(arn: &str, protocol: &str, port: u16) -> Self {
        Self {
            arn: arn.to_owned(),
            protocol: protocol.to_owned(),
            port,
            vpc: None,
            health_check: HealthCheck::default(),
            deregistration_delay: DEREGISTRATION_DELAY,
            attributes: BTreeMap::new(),
            balancer: None,
            members: BTreeMap::new(),
            served: 0,
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        arn::part(&self.arn, 1)
    }

    /// The balancer whose rules forward to it, by ARN.
    pub fn balancer(&self) -> Option<&str> {
        self.balancer.as_deref()
    }

    /// Its members with their health, draining ones included.
    pub fn members(&self) -> impl Iterator<Item = (&Target, Health)> {
        self.members.iter().map(|(target, membership)| (target, membership.health))
    }

    pub(super) fn follow_use(&mut self, balancer: Option<String>, now: Time) {
        for membership in self.members.values_mut() {
            membership.follow_use(balancer.is_some(), now);
        }
        self.balancer = balancer;
    }

    pub(super) fn step(&mut self, scope: &Scope, jobs: &mut Vec<Job>, now: Time) {
        let delay = self.deregistration_delay;
        self.members.retain(|_, membership| !membership.is_gone(delay, now));
        for (target, membership) in &mut self.members {
            if membership.probe_is_due(self.health_check.interval, now) {
                jobs.push(Job::Probe {
                    scope: scope.clone(),
                    target_group: self.arn.clone(),
                    target: *target,
                    path: self.health_check.path.clone(),
                    timeout: self.health_check.timeout,
                });
            }
        }
    }

    pub(super) fn next_due(&self) -> Option<Time> {
        let due = |member: &Membership| member.next_due(self.deregistration_delay);
        self.members.values().filter_map(due).min()
    }

    pub(super) fn probed(&mut self, target: &Target, outcome: ProbeOutcome) {
        let check = &self.health_check;
        let thresholds =
            Thresholds { healthy: check.healthy_threshold, unhealthy: check.unhealthy_threshold };
        let failure = Failure::of(outcome, |status| check.matcher.matches(status));
        if let Some(membership) = self.members.get_mut(target) {
            membership.probed(failure, thresholds);
        }
    }
}

impl Elb {
    /// Makes a target group of type `ip` under a given ARN, unless it exists.
    ///
    /// # Errors
    /// `ValidationError` when `arn` does not name a target group, `DuplicateTargetGroupName` when
    /// another one has its name.
    pub fn put_target_group(
        &mut self,
        arn: &str,
        protocol: &str,
        port: u16,
    ) -> Result<&mut TargetGroup, ApiError> {
        Resource::TargetGroup.check(arn)?;
        let name = arn::part(arn, 1);
        if self.groups.values().any(|group| group.name() == name && group.arn != arn) {
            let message = format!("A target group with the name '{name}' exists already");
            return Err(ApiError::client("DuplicateTargetGroupName", message));
        }
        let group = || TargetGroup::new(arn, protocol, port);
        Ok(self.groups.entry(arn.to_owned()).or_insert_with(group))
    }

    /// A target group by its ARN.
    ///
    /// # Errors
    /// `TargetGroupNotFound`.
    pub fn group(&self, arn: &str) -> Result<&TargetGroup, ApiError> {
        self.groups.get(arn).ok_or_else(|| group_not_found(arn))
    }

    /// A target group to change, by its ARN.
    ///
    /// # Errors
    /// `TargetGroupNotFound`.
    pub fn group_mut(&mut self, arn: &str) -> Result<&mut TargetGroup, ApiError> {
        self.groups.get_mut(arn).ok_or_else(|| group_not_found(arn))
    }

    /// All target groups.
    pub fn groups(&self) -> impl Iterator<Item = &TargetGroup> {
        self.groups.values()
    }

    /// Deletes a target group; one that is gone already is no error.
    ///
    /// # Errors
    /// `ResourceInUse` while a rule forwards to it.
    pub fn delete_target_group(&mut self, arn: &str) -> Result<(), ApiError> {
        if self.groups.get(arn).is_some_and(|group| group.balancer.is_some()) {
            let message =
                format!("Target group '{arn}' is currently in use by a listener or a rule");
            return Err(ApiError::client("ResourceInUse", message));
        }
        self.groups.remove(arn);
        self.tags.remove(arn);
        Ok(())
    }

    /// Makes a target a member of a group, or a draining one a member again.
    ///
    /// # Errors
    /// `TargetGroupNotFound`.
    pub fn register(&mut self, group: &str, target: Target, now: Time) -> Result<(), ApiError> {
        let group = self.group_mut(group)?;
        let in_use = group.balancer.is_some();
        let is_member = |membership: &Membership| membership.health != Health::Draining;
        if !group.members.get(&target).is_some_and(is_member) {
            group.members.insert(target, Membership::new(in_use, now));
        }
        Ok(())
    }

    /// Begins to drain a target; one that is no member is left as it is.
    pub fn deregister(&mut self, group: &str, target: &Target, now: Time) {
        let group = self.groups.get_mut(group);
        if let Some(membership) = group.and_then(|group| group.members.get_mut(target)) {
            membership.deregister(now);
        }
    }

    /// A target's health as of the last step; nothing when it is no member of the group (any more).
    pub fn health(&self, group: &str, target: &Target) -> Option<Health> {
        Some(self.groups.get(group)?.members.get(target)?.health)
    }

    /// Whether a target is a member no more, its deregistration delay included.
    pub fn is_drained(&self, group: &str, target: &Target) -> bool {
        self.health(group, target).is_none()
    }

    /// Refuses a group that a task set can't be created for, in the words of ECS.
    ///
    /// # Errors
    /// `InvalidParameterException` when the group does not exist or no rule forwards to it.
    pub fn group_usable(&self, arn: &str) -> Result<(), ApiError> {
        let message = match self.groups.get(arn) {
            Some(group) if group.balancer.is_some() => return Ok(()),
            Some(_) => format!(
                "The target group with targetGroupArn {arn} does not have an associated load balancer."
            ),
            None => format!("The specified target group {arn} does not exist."),
        };
        Err(ApiError::client("InvalidParameterException", message))
    }
}

fn group_not_found(arn: &str) -> ApiError {
    ApiError::client("TargetGroupNotFound", format!("Target group '{arn}' not found"))
}
