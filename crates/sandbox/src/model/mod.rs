//! The cloud as a pure state machine: no clock, no socket, no process.
//!
//! What happens outside (a task's process, a health probe) is asked for as a [`Job`] and answered
//! by a [`Report`]; whoever drives the model is either [`simulate`], in the
//! same process and in virtual time, or [`run`](crate::run), with real processes.

pub mod cloud_tamer;
pub mod dynamo;
pub mod ecs;
pub mod elb;
mod error;
mod ids;
mod job;
mod settings;
pub mod simulate;
pub mod sts;
mod time;

use std::collections::BTreeMap;

pub use error::ApiError;
pub use ids::Ids;
pub use job::{Job, Launch, ProbeOutcome, Report};
pub use settings::Settings;
pub use time::Time;

/// How the regions of each partition begin, but for those of `aws`.
const PARTITIONS: [(&str, &str); 7] = [
    ("cn-", "aws-cn"),
    ("us-gov-", "aws-us-gov"),
    ("us-iso-", "aws-iso"),
    ("us-isob-", "aws-iso-b"),
    ("eu-isoe-", "aws-iso-e"),
    ("us-isof-", "aws-iso-f"),
    ("eusc-", "aws-eusc"),
];

/// An account and a region: what one set of regional services belongs to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope {
    /// The account's 12 digits.
    pub account: String,
    /// The region's name, such as `us-east-1`.
    pub region: String,
}

impl Scope {
    /// The partition that the region is in.
    pub fn partition(&self) -> &'static str {
        let starts = |start: &&(&str, &str)| self.region.starts_with(start.0);
        PARTITIONS.iter().find(starts).map_or("aws", |(_, partition)| partition)
    }

    /// The ARN of a resource here, such as `cluster/main` of `ecs`.
    pub fn arn(&self, service: &str, resource: &str) -> String {
        let Self { account, region } = self;
        format!("arn:{}:{service}:{region}:{account}:{resource}", self.partition())
    }
}

/// The services of one account in one region.
#[derive(Debug, Default)]
pub struct Regional {
    /// ECS: clusters, services, task definitions, task sets, tasks.
    pub ecs: ecs::Ecs,
    /// Elastic Load Balancing: balancers, listeners, rules, target groups.
    pub elb: elb::Elb,
    /// DynamoDB: tables and their items.
    pub dynamo: dynamo::Tables,
}

/// Everything that the local AWS holds.
#[derive(Debug, Default)]
pub struct Cloud {
    /// Delays and limits.
    pub settings: Settings,
    /// Mints ids that are unlike within one cloud and alike between equal runs.
    pub ids: Ids,
    /// The sessions that keys were handed out for.
    pub sts: sts::Sessions,
    /// CloudTamer, which hands out keys of accounts, if there is one.
    pub cloud_tamer: Option<cloud_tamer::CloudTamer>,
    regions: BTreeMap<Scope, Regional>,
    jobs: Vec<Job>,
    ignored: BTreeMap<(String, String), u64>,
}

/// The services of one scope at one moment, with what it takes to change them: what the operations
/// of the API are methods of.
#[derive(Debug)]
pub struct Place<'a> {
    /// The services.
    pub regional: &'a mut Regional,
    scope: &'a Scope,
    settings: &'a Settings,
    ids: &'a mut Ids,
    jobs: &'a mut Vec<Job>,
    now: Time,
}

impl Cloud {
    /// An empty cloud.
    pub fn new(settings: Settings) -> Self {
        Self { settings, ..Self::default() }
    }

    /// The services of a scope, made on first use: every account and region exists.
    pub fn region(&mut self, scope: &Scope) -> &mut Regional {
        self.regions.entry(scope.clone()).or_default()
    }

    /// The services of a scope, to be changed at a given moment.
    pub fn at<'a>(&'a mut self, scope: &'a Scope, now: Time) -> Place<'a> {
        Place {
            regional: self.regions.entry(scope.clone()).or_default(),
            scope,
            settings: &self.settings,
            ids: &mut self.ids,
            jobs: &mut self.jobs,
            now,
        }
    }

    /// Lets everything that is due by `now` happen, in every scope. Time never runs backwards; a
    /// step at the same time changes nothing.
    pub fn step(&mut self, now: Time) {
        for (scope, regional) in &mut self.regions {
            elb::step(scope, regional, &self.settings, &mut self.jobs, now);
            ecs::step(Place {
                regional,
                scope,
                settings: &self.settings,
                ids: &mut self.ids,
                jobs: &mut self.jobs,
                now,
            });
        }
    }

    /// What the world outside is asked to do since the last call.
    pub fn take_jobs(&mut self) -> Vec<Job> {
        std::mem::take(&mut self.jobs)
    }

    /// Takes note of what happened outside.
    pub fn report(&mut self, report: Report, now: Time) {
        let scope = report.scope().clone();
        let place = self.at(&scope, now);
        match report {
            Report::Probed { target_group, target, outcome, .. } => {
                elb::probed(place.regional, &target_group, &target, outcome);
            }
            report => ecs::report(place, report),
        }
    }

    /// When a task, a task set or a target is due next, or a lagging answer changes, given a step
    /// at `now` whose jobs were done: with a [`simulate::Simulator`], virtual time can jump there.
    /// How a balancer's nodes follow a changed rule is no event: requests ask for it.
    pub fn next_due(&self, now: Time) -> Option<Time> {
        let dues = self.regions.values().flat_map(|regional| {
            [regional.ecs.next_due(&self.settings, now), regional.elb.next_due()]
        });
        dues.flatten().filter(|due| *due > now).min()
    }

    /// The members of requests that were accepted without an effect: the operation, the path of the
    /// member, and how often.
    pub fn ignored(&self) -> impl Iterator<Item = (&str, &str, u64)> {
        self.ignored.iter().map(|((operation, member), count)| (&**operation, &**member, *count))
    }

    /// Notes a member of a request that has no effect here.
    pub(crate) fn ignore(&mut self, operation: &str, member: &str) {
        *self.ignored.entry((operation.to_owned(), member.to_owned())).or_default() += 1;
    }
}
