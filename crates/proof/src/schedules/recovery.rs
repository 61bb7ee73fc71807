//! After the storm: somebody goes on until a good version is deployed, and then everything has to be
//! right.

use std::time::Duration;

use ecs_deploy::{Mode, Success};
use tokio::time::sleep;

use super::draw::{GOOD, Verb};
use super::meddling::BY_HAND;
use super::person::Person;
use super::stage::Stage;
use crate::Stand;
use crate::tables::{is_released, on_record};

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
    let stands = shop.stands(world);
    // What was placed by hand is left where users came to reach it.
    let is_served = |stand: &&Stand| stand.color == color && stand.image != BY_HAND;
    let served: Vec<_> = stands.iter().filter(is_served).map(|stand| &stand.image).collect();
    demand(served == [&image], "another version serves");
    let primary = shop.primary(world);
    let is_up = primary.is_some_and(|set| (&set.image, set.running) == (&image, 2));
    demand(is_up, "what serves is not PRIMARY, or not up");
    let is_kept = |stand: &&Stand| stand.color != color && stand.image != BY_HAND;
    let others = stands.iter().filter(is_kept).count();
    demand(others <= 1, "more than one set is left beside the one that serves");
    let tag = shop.success_tag(world, success.artifact.build_number.0);
    demand(tag.as_deref() == Some("success"), "the tag tells no success");
    let row = shop.lock_row(world);
    demand(row.as_ref().is_some_and(is_released), "the lock is held");
    let on_record = row.as_ref().and_then(on_record);
    demand(on_record.is_some_and(|it| it.is_settled()), "the row tells of an open deploy");
}
