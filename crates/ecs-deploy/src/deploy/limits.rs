//! How long the steps may take.

use std::time::Duration;

use super::session::Session;
use crate::names::Color;
use crate::patience::Patience;
use crate::steps::Limit;

/// Beyond what the old tasks may take to end: ECS's own delays.
const DRAIN_MARGIN: Duration = Duration::from_secs(60);

/// The longest stop timeout that Fargate allows.
const STOP_TIMEOUT: Duration = Duration::from_secs(120);

/// The default of a target group, taken where the attribute can't be read.
const DEREGISTRATION_DELAY: Duration = Duration::from_secs(300);

/// How long that attribute is asked for: a group may drain for longer than the default.
const DELAY_PATIENCE: Duration = Duration::from_secs(30);

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
        let (blue, green) = tokio::join!(self.delay(Color::Blue), self.delay(Color::Green));
        blue.max(green)
    }

    async fn delay(&self, color: Color) -> Duration {
        let group = &self.blueprint.target.target_groups[color];
        let patience = Patience::under_way(self.reporter, self.cancel, DELAY_PATIENCE);
        let read = || async {
            let delay = self.cloud.load_balancer.deregistration_delay(group).await;
            self.reporter.or_skip(delay, "the default of 300 s is taken")
        };
        let delay = patience.read("read how long old targets drain", read).await;
        delay.ok().flatten().unwrap_or(DEREGISTRATION_DELAY)
    }
}
