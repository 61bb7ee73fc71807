//! The ports as a deploy sees them: real adapters, the SDK, the sandbox, in one process.

mod artifact_db;
mod artifacts;
mod balancer;
mod ecs;
mod fence;
mod lock;
mod members;
mod network;
mod pages;

use std::sync::Arc;

use dynamolock::{Acquire, Lease, LockClient, Options, TokioClock};
use ecs_deploy::cloud::Cloud;
use ecs_deploy::fence::Permit;
use ecs_deploy_proof::{Line, Shop, World};
use ecs_deploy_sandbox::model::Settings;

/// A world with a shop, its ports, and a lease under which they may change things.
struct Bench {
    world: World,
    shop: Shop,
    cloud: Cloud,
    lease: Lease,
}

impl Bench {
    async fn new() -> Self {
        let world = World::new(Settings::default());
        let shop = Shop::build(&world);
        let cloud = shop.connect(&world, &Line::default()).await;
        let lease = locker(&cloud).acquire("shop-dev", Acquire::default(), &mut |_| {}).await;
        Self { world, shop, cloud, lease: lease.expect("nobody else wants the lock") }
    }

    fn permit(&self) -> Permit {
        Permit::new(self.lease.validity())
    }

    /// Lets time pass while the lease is kept alive.
    async fn pass(&mut self, seconds: u64) {
        for _ in 0..seconds {
            tokio::time::sleep(std::time::Duration::from_secs(1)).await;
            self.lease.heartbeat(dynamolock::Data::Keep).await.expect("the lock is held");
        }
    }
}

fn locker(cloud: &Cloud) -> LockClient {
    LockClient::new(cloud.locks.clone(), Arc::new(TokioClock::new()), Options::default())
}
