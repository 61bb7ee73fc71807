//! The world that a schedule takes place in.

use std::time::Duration;

use ecs_deploy::names::Color;
use ecs_deploy_sandbox::model::Settings;

use super::course::Course;
use super::draw::{BUILDS, Beginning, Schedule};
use crate::{Invariants, Shop, World};

/// A shop, watched. Clones are the same.
#[derive(Clone)]
pub(super) struct Stage {
    pub world: World,
    pub shop: Shop,
    pub course: Course,
    invariants: Invariants,
}

impl Stage {
    pub(super) async fn set(schedule: &Schedule, course: Course) -> Self {
        let settings = Settings { answer_lag: schedule.lag, ..Settings::default() };
        let world = World::new(settings);
        let shop = Shop::build(&world);
        shop.stock(&world);
        for (number, behaviour) in (1..=BUILDS.len()).zip(&schedule.builds) {
            world.behave(&format!("shop:{number}"), behaviour.clone());
        }
        let invariants = Invariants::watch(&world, &shop);
        let stage = Self { world, shop, course, invariants };
        stage.begin(schedule.beginning).await;
        stage
    }

    async fn begin(&self, beginning: Beginning) {
        if let Beginning::Empty = beginning {
            return;
        }
        self.shop.serve(&self.world, "shop:0");
        if let Beginning::Cluttered = beginning {
            self.shop.place(&self.world, "old:1", Color::Blue);
            self.shop.leave_go_row(&self.world);
        }
        tokio::time::sleep(Duration::from_secs(10)).await;
    }

    /// Lets answers lag so much behind what is done from now on; gives what it was before.
    pub(super) fn let_answers_lag(&self, lag: Duration) -> Duration {
        self.world.with(|cloud, _| std::mem::replace(&mut cloud.settings.answer_lag, lag))
    }

    /// What did not hold at some moment.
    pub(super) fn violations(&self) -> Vec<String> {
        self.invariants.violations()
    }
}
