//! How long the steps may take.

use std::time::Duration;

use super::session::Session;
use crate::names::Color;
use crate::steps::Limit;

/// Beyond what the old tasks may take to end: ECS's own delays.
const DRAIN_MARGIN: Duration = Duration::from_secs(60);

/// The longest stop timeout that Fargate allows.
const STOP_TIMEOUT: Duration = Duration::from_secs(120);

/// The default of a target group, taken where the attribute can't be read.
const DEREGISTRATION_DELAY: Duration = Duration::from_secs(300);

impl Session<'_> {
    /// How long a step may take in all.
    pub(super) async fn limit(&self, limit: Limit) -> Duration {
        let target = &self.blueprint.target;
        match limit {
            Limit::Fixed(limit) => limit,
            Limit::Rollout => target.rollout_timeout,
            Limit::EachCommand => target.command_timeout * (1 + self.command_count()),
            Limit::Drain => target.settle_time + self.drain().await + STOP_TIMEOUT + DRAIN_MARGIN,
        }
    }

    /// More than either phase has.
    fn command_count(&self) -> u32 {
        let target = &self.blueprint.target;
        let count = target.pre_command_count() + target.post_command_count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// The longer deregistration delay of the two groups.
    async fn drain(&self) -> Duration {
        let groups = &self.blueprint.target.target_groups;
        let delay = async |color: Color| {
            let delay = self.cloud.load_balancer.deregistration_delay(&groups[color]).await;
            let read = self.reporter.or_skip(delay, "the default of 300 s is taken");
            read.ok().flatten().unwrap_or(DEREGISTRATION_DELAY)
        };
        let (blue, green) = tokio::join!(delay(Color::Blue), delay(Color::Green));
        blue.max(green)
    }
}
