//! What the tests begin with, and what they ask of the end.

use std::time::Duration;

use ecs_deploy::names::Color;
use ecs_deploy_proof::{Deployer, Invariants, Shop, Snapshot, World};
use ecs_deploy_sandbox::model::Settings;
use ecs_deploy_sandbox::model::ecs::TaskSetStatus;

/// A world with a shop, watched, and somebody who deploys there.
pub(crate) struct Bench {
    pub(crate) world: World,
    pub(crate) shop: Shop,
    pub(crate) ann: Deployer,
    invariants: Invariants,
}

impl Bench {
    /// A shop that sells nothing yet.
    pub(crate) fn empty() -> Self {
        let world = World::new(Settings::default());
        let shop = Shop::build(&world);
        shop.stock(&world);
        let invariants = Invariants::watch(&world, &shop);
        let ann = Deployer::new(&world, &shop, "ann");
        Self { world, shop, ann, invariants }
    }

    /// A shop that has sold version 0 from green for a while.
    pub(crate) async fn open() -> Self {
        let bench = Self::empty();
        bench.shop.serve(&bench.world, "shop:0");
        bench.pass(10).await;
        bench
    }

    pub(crate) async fn pass(&self, seconds: u64) {
        tokio::time::sleep(Duration::from_secs(seconds)).await;
    }

    /// What stands in the cloud once nothing is on its way any more.
    pub(crate) async fn settled(&self) -> Snapshot {
        self.pass(30).await;
        Snapshot::of(&self.world, &self.shop)
    }

    /// Asserts that a version alone serves, on a color, that it is PRIMARY and up.
    #[track_caller]
    pub(crate) fn assert_serves(&self, image: &str, color: Color) {
        assert_eq!(self.shop.serving(&self.world), color);
        assert_eq!(self.shop.sells(&self.world, color), [image]);
        let stands = self.shop.stands(&self.world);
        let primary = stands.iter().find(|stand| stand.status == TaskSetStatus::Primary);
        let primary = primary.expect("one set is PRIMARY");
        assert_eq!((&*primary.image, primary.color, primary.running), (image, color, 2));
    }

    #[track_caller]
    pub(crate) fn assert_nothing_violated(&self, context: &str) {
        let violations = self.invariants.violations();
        assert!(violations.is_empty(), "{context}: {violations:#?}");
    }
}
