//! What a proof begins with, and what it asks of the end.

use std::time::Duration;

use ecs_deploy::names::Color;
use ecs_deploy_sandbox::model::Settings;

use crate::{Deployer, Invariants, Shop, Snapshot, World};

/// A world with a shop, watched, and somebody who deploys there.
pub struct Bench {
    /// The world.
    pub world: World,
    /// What is deployed there.
    pub shop: Shop,
    /// Who deploys it.
    pub ann: Deployer,
    invariants: Invariants,
}

impl Bench {
    /// A shop that sells nothing yet.
    pub fn empty() -> Self {
        Self::of(Shop::build)
    }

    /// A shop behind two listeners that sells nothing yet.
    pub fn with_two_listeners() -> Self {
        Self::of(Shop::with_two_listeners)
    }

    fn of(build: impl Fn(&World) -> Shop) -> Self {
        let world = World::new(Settings::default());
        let shop = build(&world);
        shop.stock(&world);
        let invariants = Invariants::watch(&world, &shop);
        let ann = Deployer::new(&world, &shop, "ann");
        Self { world, shop, ann, invariants }
    }

    /// A shop that has sold version 0 from green for a while.
    pub async fn open() -> Self {
        let bench = Self::empty();
        bench.shop.serve(&bench.world, "shop:0");
        bench.pass(10).await;
        bench
    }

    /// Lets time pass.
    pub async fn pass(&self, seconds: u64) {
        tokio::time::sleep(Duration::from_secs(seconds)).await;
    }

    /// What stands in the cloud once nothing is on its way any more.
    pub async fn settled(&self) -> Snapshot {
        self.pass(30).await;
        Snapshot::of(&self.world, &self.shop)
    }

    /// Asserts that a version alone serves, on a color, that it is PRIMARY and up.
    ///
    /// # Panics
    /// If it is not so.
    #[track_caller]
    pub fn assert_serves(&self, image: &str, color: Color) {
        assert!(self.shop.live(&self.world).iter().all(|live| *live == color));
        assert_eq!(self.shop.sells(&self.world, color), [image]);
        let primary = self.shop.primary(&self.world).expect("one set is PRIMARY");
        assert_eq!((&*primary.image, primary.color, primary.running), (image, color, 2));
    }

    /// The invariants that did not hold up to now.
    pub fn violations(&self) -> Vec<String> {
        self.invariants.violations()
    }

    /// Whether every invariant held up to now, and nothing was registered twice.
    pub(crate) fn judge_course(&self) -> Result<(), String> {
        let violations = self.violations();
        match (&violations[..], Snapshot::orphans(&self.world, &self.shop)) {
            ([], 0) => Ok(()),
            ([], orphans) => Err(format!("{orphans} revisions were registered twice")),
            _ => Err(format!("{violations:#?}")),
        }
    }

    /// Asserts that every invariant held up to now.
    ///
    /// # Panics
    /// If one did not.
    #[track_caller]
    pub fn assert_nothing_violated(&self, context: &str) {
        let violations = self.invariants.violations();
        assert!(violations.is_empty(), "{context}: {violations:#?}");
    }
}
