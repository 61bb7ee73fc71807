//! Does what an advice says, by the calls that its commands make.

use std::collections::BTreeMap;

use ecs_deploy::traffic::{Advice, RuleArn, Scope};
use serde_json::{Value, json};

use super::site::Site;

/// Follows an advice, in the cloud or in the config.
///
/// # Errors
/// The cloud's refusal.
pub(super) fn follow(advice: &Advice, site: &Site, scope: &mut Scope) -> Result<(), String> {
    let forward =
        |group: &dyn ToString| json!([{"Type": "forward", "TargetGroupArn": group.to_string()}]);
    match advice {
        Advice::CreateRule { listener, priority, conditions, group } => {
            let input = json!({"ListenerArn": listener.to_string(), "Priority": priority.to_string(),
                "Conditions": conditions, "Actions": forward(group)});
            call(site, "CreateRule", &input)
        }
        Advice::ForwardTo { rule, group } => {
            call(site, "ModifyRule", &json!({"RuleArn": rule.0, "Actions": forward(group)}))
        }
        Advice::DeleteRule(rule) => call(site, "DeleteRule", &json!({"RuleArn": rule.0})),
        Advice::SetPriorities(to) => set_priorities(site, to),
        Advice::NameListener(listener) => {
            if !scope.listeners.contains(listener) {
                scope.listeners.push(listener.clone());
            }
            Ok(())
        }
        Advice::AcceptRule(rule) => {
            scope.accepted_rules.insert(rule.clone());
            Ok(())
        }
    }
}

/// Gives rules of one listener these priorities.
pub(super) fn set_priorities(site: &Site, to: &BTreeMap<RuleArn, u32>) -> Result<(), String> {
    let pair = |(rule, number): (&RuleArn, &u32)| json!({"RuleArn": rule.0, "Priority": number.to_string()});
    let pairs: Vec<_> = to.iter().map(pair).collect();
    call(site, "SetRulePriorities", &json!({"RulePriorities": pairs}))
}

fn call(site: &Site, operation: &str, input: &Value) -> Result<(), String> {
    let mut form = format!("Action={operation}&Version=2015-12-01");
    add(&mut form, "", input);
    site.call(form)
}

/// An input as AWS's query protocol has it: a list's items are members with numbers.
fn add(form: &mut String, name: &str, value: &Value) {
    let below = |part: &dyn std::fmt::Display| match name {
        "" => part.to_string(),
        name => format!("{name}.{part}"),
    };
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(member, value)| add(form, &below(member), value));
        }
        Value::Array(items) => {
            let numbered = (1..).zip(items);
            numbered.for_each(|(n, item)| add(form, &below(&format_args!("member.{n}")), item));
        }
        value => {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let encoded = text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
            form.push_str(&format!("&{name}={encoded}"));
        }
    }
}
