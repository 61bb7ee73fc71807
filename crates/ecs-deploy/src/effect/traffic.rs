use std::collections::BTreeMap;

use futures_util::future::try_join_all;

use super::{Hands, Look, Outcome};
use crate::cloud::{CloudError, ErrorClass};
use crate::traffic::{Priority, RuleArn};

/// Whether the rules stand as they shall.
pub(super) async fn look(
    hands: Hands<'_>,
    to: &BTreeMap<RuleArn, u32>,
) -> Result<Look, CloudError> {
    let scope = hands.blueprint.target.traffic_scope();
    let load_balancer = &hands.cloud.load_balancer;
    let rules = scope.listeners.iter().map(|listener| async {
        match load_balancer.rules(listener).await {
            // Its rules are gone with it; a rollback moves those of the others.
            Err(error) if error.class == ErrorClass::NotFound => Ok(Vec::new()),
            rules => rules,
        }
    });
    let rules = try_join_all(rules).await?.concat();
    let found: BTreeMap<_, _> = rules.iter().map(|rule| (&rule.arn, rule.priority)).collect();
    if let Some(gone) = to.keys().find(|arn| !found.contains_key(arn)) {
        return Ok(Look::Forbidden(format!("the rule {gone} does not exist any more")));
    }
    let stands = to.iter().all(|(arn, number)| found[arn] == Priority::Number(*number));
    Ok(if stands { Look::Done(Outcome::Done) } else { Look::NotDone })
}
