//! Step 9: exchange the priorities, in one call, and read them back.

use std::collections::BTreeMap;

use crate::cloud::RuleArn;
use crate::effect::Effect;
use crate::engine::Work;
use crate::error::DeployError;
use crate::event::Detail;
use crate::journal::Journal;
use crate::meddling;
use crate::pace::Pace;
use crate::traffic::Rules;

pub(super) async fn run(work: &Work<'_>) -> Result<Detail, DeployError> {
    let color = work.color_to_serve()?;
    let rules = work.rules().await?;
    refuse_meddling(work, &rules).await?;
    let to = rules.priorities_to_serve(color);
    work.perform(Effect::ExchangePriorities { to: to.clone() }).await?;
    let now = read_back(work, rules, &to).await?;
    if now.priorities() != to {
        return Err(DeployError::Forbidden {
            effect: Box::new(Effect::ExchangePriorities { to }),
            reason: format!(
                "the rules were changed at the same time; now {} serves",
                now.serving()
            ),
        });
    }
    Ok(Detail::Serves { color })
}

/// Reads the rules until they are no more what they were: an answer may lag behind the change.
async fn read_back(
    work: &Work<'_>,
    before: Rules,
    to: &BTreeMap<RuleArn, u32>,
) -> Result<Rules, DeployError> {
    let mut pace = Pace::new();
    loop {
        let now = work.rules().await?;
        let is_late = now == before && before.priorities() != *to;
        if !is_late || work.patience.is_over() {
            return Ok(now);
        }
        pace.see(());
        work.patience.pause(pace.wait()).await?;
    }
}

/// The rules must stand as step 3 saw them, or as the swap leaves them. A rollback takes them as they
/// are: it knows where they shall lead.
async fn refuse_meddling(work: &Work<'_>, rules: &Rules) -> Result<(), DeployError> {
    let color = work.color_to_serve()?;
    let Journal { before, rollback, .. } = work.journal();
    let known = before.is_none_or(|before| before.priorities == rules.priorities());
    if known || rollback.is_some() || rules.serving() == color {
        return Ok(());
    }
    let changed = meddling::list(&meddling::look(work).await?);
    Err(DeployError::Forbidden {
        effect: Box::new(Effect::ExchangePriorities { to: rules.priorities_to_serve(color) }),
        reason: format!(
            "the rules were changed since step 3 ({changed}); resume to go on from there"
        ),
    })
}
