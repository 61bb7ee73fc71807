use std::collections::BTreeMap;

use futures_util::future::try_join_all;

use super::{Hands, Look, Outcome};
use crate::cloud::CloudError;
use crate::traffic::{Priority, RuleArn};

/// Whether the rules stand as they shall.
pub(super) async fn look(
    hands: Hands<'_>,
    to: &BTreeMap<RuleArn, u32>,
) -> Result<Look, CloudError> {
    let scope = hands.blueprint.target.traffic_scope();
    let load_balancer = &hands.cloud.load_balancer;
    let rules = scope.listeners.iter().map(|listener| load_balancer.rules(listener));
    let rules = try_join_all(rules).await?.concat();
    let found: BTreeMap<_, _> = rules.iter().map(|rule| (&rule.arn, rule.priority)).collect();
    if let Some(gone) = to.keys().find(|arn| !found.contains_key(arn)) {
        return Ok(Look::Forbidden(format!("the rule {gone} does not exist any more")));
    }
    let stands = to.iter().all(|(arn, number)| found[arn] == Priority::Number(*number));
    Ok(if stands { Look::Done(Outcome::Done) } else { Look::NotDone })
}
