//! What needs an execution role.

use super::Calls;
use super::part::{Finding, Part};

pub(super) fn check(calls: &Calls) -> Vec<Finding> {
    let task = calls.task();
    if task.text("executionRoleArn").is_some() {
        return Vec::new();
    }
    let containers = calls.containers();
    let any = |needs: fn(&Part<'_>) -> bool| containers.iter().any(needs);
    let what = if any(has_secrets) {
        "`secrets` are"
    } else if any(logs_to_cloudwatch) {
        "the log driver awslogs is"
    } else if any(is_in_ecr) {
        "an image of ECR is"
    } else {
        return Vec::new();
    };
    let why = format!("{what} used, which needs an `ExecutionRoleArn`");
    vec![task.refuse_member("executionRoleArn", why)]
}

fn has_secrets(container: &Part<'_>) -> bool {
    !container.elements("secrets").is_empty()
}

fn logs_to_cloudwatch(container: &Part<'_>) -> bool {
    let log = container.member("logConfiguration");
    log.is_some_and(|log| log.text("logDriver") == Some("awslogs"))
}

/// Whether its image is in a private registry of ECR: `ACCOUNT.dkr.ecr.REGION.amazonaws.com/…`.
fn is_in_ecr(container: &Part<'_>) -> bool {
    let image = container.text("image").unwrap_or_default();
    let registry = image.split_once('/').map_or("", |(registry, _)| registry);
    let account =
        registry.split_once(".dkr.ecr.").filter(|(_, host)| host.contains(".amazonaws.com"));
    account.is_some_and(|(account, _)| {
        account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit())
    })
}
