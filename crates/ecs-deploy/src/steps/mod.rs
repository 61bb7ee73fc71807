//! The steps of a deploy, in order. Each observes, and decides which effects come next; the engine
//! brings those about.

mod active_color;
mod check;
mod commands;
mod create;
mod observe;
mod primary;
mod prune;
mod record;
mod register;
mod rollout;
mod step;
mod swap;
mod watch;

use std::time::Duration;

pub(crate) use check::run as check_new_set;
pub use step::{NotAStep, Step};

use crate::effect::Phase;
use crate::engine::Work;
use crate::error::DeployError;
use crate::event::Detail;

/// A row of the table of steps.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Row {
    /// The step.
    pub step: Step,
    /// A word for it.
    pub name: &'static str,
    /// What it is for.
    pub purpose: &'static str,
    /// How long it may take.
    pub limit: Limit,
}

/// How long a step may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// So long.
    Fixed(Duration),
    /// The environment's `RolloutTimeout`.
    Rollout,
    /// The environment's `CommandTimeout` for each command.
    EachCommand,
    /// As long as the old tasks may take: settling, deregistration delay, stop timeout, a margin.
    Drain,
}

const CALLS: Limit = Limit::Fixed(Duration::from_secs(60));

/// The steps in order.
pub const TABLE: [Row; 13] = [
    row(Step::Lock, "lock", "take the lock and decide under it", CALLS),
    row(Step::PreDeploy, "pre", "run the pre-deploy commands", Limit::EachCommand),
    row(Step::ActiveColor, "color", "read which color serves", CALLS),
    row(Step::Prune, "prune", "delete task sets that neither serve nor are PRIMARY", Limit::Drain),
    row(Step::Register, "register", "register the task definition", CALLS),
    row(Step::Create, "create", "create the new task set", CALLS),
    row(Step::Rollout, "rollout", "wait until its tasks run and are healthy", Limit::Rollout),
    row(Step::Check, "check", "check the new tasks before users see them", CALLS),
    row(Step::Swap, "swap", "exchange the rules' priorities", CALLS),
    row(Step::Primary, "primary", "mark the new task set PRIMARY", CALLS),
    row(Step::Watch, "watch", "check the new tasks under real traffic", CALLS),
    row(Step::PostDeploy, "post", "run the post-deploy commands", Limit::EachCommand),
    row(Step::Record, "record", "tag the artifact and release the lock", CALLS),
];

const fn row(step: Step, name: &'static str, purpose: &'static str, limit: Limit) -> Row {
    Row { step, name, purpose, limit }
}

/// Does one step under the lock.
pub(crate) async fn run(work: &Work<'_>) -> Result<Detail, DeployError> {
    match work.step {
        Step::Lock => unreachable!("the session takes the lock itself, before there is an engine"),
        Step::PreDeploy => commands::run(work, Phase::PreDeploy).await,
        Step::ActiveColor => active_color::run(work).await,
        Step::Prune => prune::run(work).await,
        Step::Register => register::run(work).await,
        Step::Create => create::run(work).await,
        Step::Rollout => rollout::run(work).await,
        Step::Check => check::run(work).await,
        Step::Swap => swap::run(work).await,
        Step::Primary => primary::run(work).await,
        Step::Watch => watch::run(work).await,
        Step::PostDeploy => commands::run(work, Phase::PostDeploy).await,
        Step::Record => record::run(work).await,
    }
}
