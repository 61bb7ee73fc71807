//! What the tables of a shop tell.

use dynamolock::names;
use ecs_deploy::journal::{State, codec};
use ecs_deploy_aws::{ARTIFACT_TABLE, LOCK_TABLE};
use ecs_deploy_sandbox::model::dynamo::{AttributeValue, Item};

use crate::{Shop, World};

impl Shop {
    /// The lock's row as it is.
    pub(crate) fn lock_row(&self, world: &World) -> Option<Item> {
        self.item(world, LOCK_TABLE, |_| true)
    }

    /// The tag that tells whether a build was deployed well.
    pub(crate) fn success_tag(&self, world: &World, build: u64) -> Option<String> {
        let number = AttributeValue::N(build.into());
        let item = self.item(world, ARTIFACT_TABLE, |item| item["BuildNumber"] == number)?;
        let AttributeValue::M(tags) = &item["Tags"] else { return None };
        match tags.get("deploy-dev-1a2b3c4d")? {
            AttributeValue::S(value) => Some(value.clone()),
            _ => None,
        }
    }

    fn item(&self, world: &World, table: &str, is_it: impl Fn(&Item) -> bool) -> Option<Item> {
        world.with(|cloud, _| {
            let tables = &cloud.region(&self.config_scope()).dynamo;
            let table = tables.table(table).expect("the shop's table");
            table.items().find(|item| is_it(item)).cloned()
        })
    }
}

/// Whether nobody holds a lock.
pub(crate) fn is_released(row: &Item) -> bool {
    row.contains_key(names::IS_RELEASED)
}

/// The deploy that a row tells of.
pub(crate) fn on_record(row: &Item) -> Option<State> {
    let Some(AttributeValue::B(data)) = row.get(names::DATA) else { return None };
    codec::decode(data).ok()
}
