//! After the storm: somebody goes on until a good version is deployed, and then everything has to be
//! right.

use std::time::Duration;

use dynamolock::names;
use ecs_deploy::journal::codec;
use ecs_deploy::{Mode, Success};
use ecs_deploy_aws::ARTIFACT_TABLE;
use ecs_deploy_sandbox::model::dynamo::{AttributeValue, Item};
use ecs_deploy_sandbox::model::ecs::TaskSetStatus;
use tokio::time::sleep;

use super::draw::{GOOD, Verb};
use super::meddling::BY_HAND;
use super::person::Person;
use super::stage::Stage;
use crate::Stand;

/// How often somebody goes on as they are told before they despair.
const ROUNDS: usize = 12;

/// Goes on as the program advises until the good version is deployed.
pub(super) async fn go_on(stage: &Stage, first: Verb) -> Option<Success> {
    let mut person = Person::new(stage, "dan");
    let anew = Verb::Deploy(Mode::Fresh, GOOD);
    let mut asked = first.into();
    for _ in 0..ROUNDS {
        let success = person.run(asked, None).await;
        if let (Some(success), Verb::Deploy(..)) = (success, asked.verb) {
            return Some(success);
        }
        asked = person.advice().unwrap_or(anew.into());
        sleep(Duration::from_secs(5)).await;
    }
    stage.course.violation(format_args!("not deployed after {ROUNDS} rounds"));
    None
}

/// What is not as it should be once the good version is deployed.
pub(super) fn look_at_end(stage: &Stage, success: &Success) {
    let (world, shop) = (&stage.world, &stage.shop);
    let demand = |holds: bool, what: &str| {
        if !holds {
            stage.course.violation(format_args!("at the end {what}"));
        }
    };
    let image = format!("shop:{}", success.artifact.build_number);
    let color = shop.serving(world);
    demand(color == success.serving, "another color serves");
    demand(shop.sells(world, color) == [image.clone()], "another version serves");
    let stands = shop.stands(world);
    let primary = stands.iter().find(|stand| stand.status == TaskSetStatus::Primary);
    let is_up = primary.is_some_and(|set| (&set.image, set.running) == (&image, 2));
    demand(is_up, "what serves is not PRIMARY, or not up");
    // What was placed by hand on a color that came to serve was served there, and is kept as the rest is.
    let is_kept = |stand: &&Stand| stand.color != color && stand.image != BY_HAND;
    let others = stands.iter().filter(is_kept).count();
    demand(others <= 1, "more than one set is left beside the one that serves");
    demand(tag(stage, success).as_deref() == Some("success"), "the tag tells no success");
    let row = stage.row();
    demand(
        row.as_ref().is_some_and(|row| row.contains_key(names::IS_RELEASED)),
        "the lock is held",
    );
    demand(row.as_ref().is_some_and(is_settled), "the row tells of an open deploy");
}

fn tag(stage: &Stage, success: &Success) -> Option<String> {
    let number = AttributeValue::N(success.artifact.build_number.0.into());
    let item = stage.first_item(ARTIFACT_TABLE, |item| item["BuildNumber"] == number)?;
    let AttributeValue::M(tags) = &item["Tags"] else { return None };
    match tags.get("deploy-dev-1a2b3c4d")? {
        AttributeValue::S(value) => Some(value.clone()),
        _ => None,
    }
}

fn is_settled(row: &Item) -> bool {
    let Some(AttributeValue::B(data)) = row.get(names::DATA) else { return false };
    codec::decode(data).is_ok_and(|state| state.is_settled())
}
