use ecs_deploy::names::Color;
use ecs_deploy::steps::Step;
use ecs_deploy::{Failure, Mode};
use ecs_deploy_sandbox::model::simulate::Behaviour;

use crate::{Bench, Deployer, Ending, Line};

/// What is deployed, and what before it or instead of it.
pub(super) const SHA: &str = "one";
pub(super) const BUILD: u64 = 1;
const OTHER: &str = "two";

/// What is disturbed, and where it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scenario {
    /// The service never ran.
    First,
    /// A deploy before ended well, and version 0 is kept for a way back.
    Again,
    /// Version 0 serves, and another stands on the other color; a Go program left its row.
    Prune,
    /// The service has five task sets, as many as ECS allows.
    Full,
    /// There are old task sets on both colors.
    Several,
    /// A deploy that was stopped while it waited for its tasks is gone on with.
    Resume,
    /// One that was stopped there is left behind for another build.
    StartOver,
    /// The deploy before was rolled back by hand.
    ByHand,
    /// The new version does not come up.
    BadImage,
    /// A command fails before anything is created.
    PreDeployFails,
    /// A command fails when the new version serves.
    PostDeployFails,
    /// A rollback after a deploy that ended well.
    RollBack,
    /// A rollback after a deploy that was stopped past its swap.
    RollBackFailed,
    /// A rollback after a deploy that was stopped before its swap.
    RollBackEarly,
    /// The service is behind two listeners; a deploy before ended well.
    TwoListeners,
    /// A rollback after that, behind two listeners.
    RollBackTwoListeners,
}

impl Scenario {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::First,
        Self::Again,
        Self::Prune,
        Self::Full,
        Self::Several,
        Self::Resume,
        Self::StartOver,
        Self::ByHand,
        Self::BadImage,
        Self::PreDeployFails,
        Self::PostDeployFails,
        Self::RollBack,
        Self::RollBackFailed,
        Self::RollBackEarly,
        Self::TwoListeners,
        Self::RollBackTwoListeners,
    ];

    /// Its name in a report.
    pub fn name(self) -> &'static str {
        match self {
            Self::First => "first deploy",
            Self::Again => "deploy after a deploy",
            Self::Prune => "deploy with prune",
            Self::Full => "deploy at the cap of 5 sets",
            Self::Several => "deploy with old sets on both colors",
            Self::Resume => "resume",
            Self::StartOver => "start over with another build",
            Self::ByHand => "deploy after a rollback by hand",
            Self::BadImage => "failing rollout",
            Self::PreDeployFails => "failing pre-deploy command",
            Self::PostDeployFails => "failing post-deploy command",
            Self::RollBack => "rollback after success",
            Self::RollBackFailed => "rollback past the swap",
            Self::RollBackEarly => "rollback before the swap",
            Self::TwoListeners => "deploy behind two listeners",
            Self::RollBackTwoListeners => "rollback behind two listeners",
        }
    }

    /// A world where it is about to begin.
    pub async fn bench(self) -> Bench {
        let bench = match self {
            Self::TwoListeners | Self::RollBackTwoListeners => Bench::with_two_listeners(),
            _ => Bench::empty(),
        };
        self.prepare(&bench.ann);
        if self == Self::First {
            return bench;
        }
        let zero = bench.shop.serve(&bench.world, "shop:0");
        bench.shop.make_of_build_0(&bench.world, &zero);
        bench.pass(10).await;
        for (image, color) in self.old_sets() {
            bench.shop.place(&bench.world, image, *color);
        }
        match self {
            Self::Prune => bench.shop.leave_go_row(&bench.world),
            Self::BadImage => bench.world.behave("shop:1", missing()),
            Self::ByHand => {
                deploy(&bench, OTHER).await;
                bench.shop.let_serve(&bench.world, Color::Green);
                bench.shop.make_primary(&bench.world, &zero);
            }
            _ => self.deploy_before(&bench).await,
        }
        bench.pass(10).await;
        bench
    }

    /// Somebody else who is at it.
    pub(super) fn deployer(self, bench: &Bench, user: &'static str) -> Deployer {
        let deployer = Deployer::new(&bench.world, &bench.shop, user);
        self.prepare(&deployer);
        deployer
    }

    /// What is disturbed.
    pub(super) async fn run(self, who: &Deployer, line: &Line) -> Ending {
        match self {
            _ if self.is_rollback() => who.roll_back_over(line).await,
            Self::Resume => who.deploy_over(line, SHA, Mode::Resume).await,
            Self::StartOver => who.deploy_over(line, SHA, Mode::StartOver).await,
            _ => who.deploy_over(line, SHA, Mode::Fresh).await,
        }
    }

    /// The first thing that a person does when it did not end, over a line on which that can end
    /// badly as well.
    pub(super) async fn recover(self, who: &Deployer, line: &Line) -> Ending {
        match self.is_rollback() {
            true => who.roll_back_over(line).await,
            false => who.deploy_over(line, SHA, Mode::Resume).await,
        }
    }

    /// All that a person does then, until it has its end.
    pub(super) async fn go_on(self, who: &Deployer) -> Result<(), Failure> {
        match self.is_rollback() {
            true => who.go_back().await,
            false => who.go_on(SHA).await.map(drop),
        }
    }

    /// Whether it is a rollback that is disturbed.
    pub fn is_rollback(self) -> bool {
        matches!(
            self,
            Self::RollBack
                | Self::RollBackFailed
                | Self::RollBackEarly
                | Self::RollBackTwoListeners
        )
    }

    fn old_sets(self) -> &'static [(&'static str, Color)] {
        use Color::{Blue, Green};
        match self {
            Self::Prune => &[("old:1", Blue)],
            Self::Full => &[("old:1", Blue), ("old:2", Blue), ("old:3", Blue), ("old:4", Blue)],
            Self::Several => &[("old:1", Blue), ("old:2", Green), ("old:3", Blue)],
            _ => &[],
        }
    }

    fn prepare(self, deployer: &Deployer) {
        match self {
            Self::PreDeployFails => deployer.commands.fail("migrate"),
            Self::PostDeployFails => deployer.commands.fail("tell"),
            _ => {}
        }
    }

    async fn deploy_before(self, bench: &Bench) {
        if self.is_rollback() {
            deploy(bench, SHA).await;
        }
        match self {
            Self::Resume => drop(bench.ann.stop_at(SHA, Step::Rollout).await),
            Self::StartOver | Self::RollBackEarly => {
                drop(bench.ann.stop_at(OTHER, Step::Rollout).await);
            }
            Self::RollBackFailed => drop(bench.ann.stop_at(OTHER, Step::Watch).await),
            Self::RollBack | Self::Again => deploy(bench, OTHER).await,
            Self::TwoListeners | Self::RollBackTwoListeners => deploy(bench, OTHER).await,
            _ => {}
        }
    }
}

async fn deploy(bench: &Bench, sha: &str) {
    bench.ann.deploy(sha, Mode::Fresh).await.expect("nothing stands against it");
}

/// No image of that name can be had.
fn missing() -> Behaviour {
    let said = "CannotPullContainerError: pull image manifest has been retried 1 time(s)";
    Behaviour { pull_fails: Some(said.to_owned()), ..Behaviour::default() }
}
