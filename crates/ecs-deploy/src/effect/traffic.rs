use std::collections::BTreeMap;

use super::{Hands, Look, Outcome};
use crate::cloud::{CloudError, Priority, RuleArn};

/// Whether the rules stand as they shall.
pub(super) async fn look(
    hands: Hands<'_>,
    to: &BTreeMap<RuleArn, u32>,
) -> Result<Look, CloudError> {
    let rules = hands.cloud.load_balancer.rules(&hands.blueprint.target.listener).await?;
    let found: BTreeMap<_, _> = rules.iter().map(|rule| (&rule.arn, rule.priority)).collect();
    if let Some(gone) = to.keys().find(|arn| !found.contains_key(arn)) {
        return Ok(Look::Forbidden(format!("the rule {gone} does not exist any more")));
    }
    let stands = to.iter().all(|(arn, number)| found[arn] == Priority::Number(*number));
    Ok(if stands { Look::Done(Outcome::Done) } else { Look::NotDone })
}
