//! Credentials that are missing, spent, of somebody else, or not allowed to do what is needed.

use serde_json::Value;

use super::case::Case;
use super::theme::Theme;
use crate::support::{ACCOUNT, Call, Fate};

fn without_keys(case: Case) -> Case {
    case.unset("AWS_ACCESS_KEY_ID").unset("AWS_SECRET_ACCESS_KEY")
}

fn expired(call: &Call) -> Fate {
    call.refused("ExpiredToken", "The security token included in the request is expired")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn credentials_that_are_no_good_are_told_before_anything_is_done() {
    let mut theme = Theme::new("credentials").await;
    theme.config("elsewhere.json", |config| {
        let dev = &mut config["Apps"]["shop"]["Environments"]["dev"];
        let text = dev.to_string().replace(ACCOUNT, "222222222222");
        *dev = serde_json::from_str::<Value>(&text).unwrap();
    });
    theme
        .all(vec![
            without_keys(Case::deploy("missing", "deploy.json", 2)),
            without_keys(Case::plan("missing-for-plan", "deploy.json", 2)),
            without_keys(Case::look("missing-for-status", "status", "deploy.json", 1)),
            without_keys(Case::look("missing-for-lock-status", "lock status", "deploy.json", 1)),
            Case::deploy("half", "deploy.json", 2).unset("AWS_SECRET_ACCESS_KEY"),
            without_keys(Case::deploy("unknown-profile", "deploy.json", 2)).set("AWS_PROFILE", "x"),
            Case::deploy("unknown-key", "deploy.json", 2).set("AWS_ACCESS_KEY_ID", "AKIA0"),
            Case::deploy("expired", "deploy.json", 2).meddled(expired),
            Case::look("expired-for-status", "status", "deploy.json", 1).meddled(expired),
            Case::deploy("wrong-account", "deploy.json", 2)
                .set("AWS_ACCESS_KEY_ID", "222222222222"),
            Case::look("wrong-account-for-lock-status", "lock status", "deploy.json", 1)
                .set("AWS_ACCESS_KEY_ID", "222222222222"),
            Case::deploy("wrong-account-of-the-service", "elsewhere.json", 2),
        ])
        .await;
    theme.end();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_that_is_denied_is_told_by_its_action() {
    let mut theme = Theme::new("denied-reads").await;
    let denied = |name, action, code| Case::deploy(name, "deploy.json", code).denied(action);
    theme
        .all(vec![
            denied("artifact", "dynamodb:Query", 2),
            denied("service", "ecs:DescribeServices", 2),
            denied("rules", "elasticloadbalancing:DescribeRules", 2),
            denied("lock", "dynamodb:GetItem", 2),
            denied("lock-write", "dynamodb:PutItem", 2),
            Case::look("lock-for-lock-status", "lock status", "deploy.json", 1)
                .denied("dynamodb:GetItem"),
            Case::plan("only-for-a-check", "deploy.json", 0).denied("ecs:ListTasks"),
            Case::plan("listeners", "deploy.json", 0)
                .denied("elasticloadbalancing:DescribeListeners"),
        ])
        .await;
    theme.end();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_that_is_denied_leaves_a_deploy_that_can_be_resumed() {
    let mut theme = Theme::new("denied-changes").await;
    let denied = |name, action, code| Case::deploy(name, "deploy.json", code).denied(action);
    theme.one(denied("register", "ecs:RegisterTaskDefinition", 1)).await;
    theme.one(denied("create", "ecs:CreateTaskSet", 1).with("-resume")).await;
    theme.one(denied("swap", "elasticloadbalancing:SetRulePriorities", 1).with("-resume")).await;
    theme.one(denied("primary", "ecs:UpdateServicePrimaryTaskSet", 6).with("-resume")).await;
    let tag = |call: &Call| match &call.action[..] {
        "dynamodb:UpdateItem" if call.body.contains("ArtifactDB") => {
            call.refused("AccessDenied", "not authorized to perform: dynamodb:UpdateItem")
        }
        _ => Fate::Passes,
    };
    theme.one(Case::deploy("record", "deploy.json", 6).meddled(tag).with("-resume")).await;
    theme.end();
}
