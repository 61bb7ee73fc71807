//! The cloud as a pure state machine: no clock, no socket, no process.
//!
//! What happens outside (a task's process, a health probe) is asked for as a [`Job`] and answered
//! by a [`Report`]; whoever drives the model is either [`simulate`](crate::model::simulate), in the
//! same process and in virtual time, or [`run`](crate::run), with real processes.

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

/// An account and a region: what one set of regional services belongs to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope {
    /// The account's 12 digits.
    pub account: String,
    /// The region's name, such as `us-east-1`.
    pub region: String,
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
    /// The sessions that AssumeRole handed out.
    pub sts: sts::Sessions,
    regions: BTreeMap<Scope, Regional>,
    jobs: Vec<Job>,
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

    /// Lets everything that is due by `now` happen, in every scope. Time never runs backwards; a
    /// step at the same time changes nothing.
    pub fn step(&mut self, now: Time) {
        for (scope, regional) in &mut self.regions {
            ecs::step(scope, regional, &self.settings, &mut self.ids, &mut self.jobs, now);
            elb::step(scope, regional, &self.settings, &mut self.jobs, now);
        }
    }

    /// What the world outside is asked to do since the last call.
    pub fn take_jobs(&mut self) -> Vec<Job> {
        std::mem::take(&mut self.jobs)
    }

    /// Takes note of what happened outside.
    pub fn report(&mut self, report: Report, now: Time) {
        let regional = self.region(&report.scope().clone());
        match report {
            Report::Probed { target_group, target, outcome, .. } => {
                elb::probed(regional, &target_group, &target, outcome, now);
            }
            report => ecs::report(regional, report, now),
        }
    }
}
