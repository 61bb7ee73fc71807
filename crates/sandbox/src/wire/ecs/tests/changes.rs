use serde_json::{Value, json};

use super::bench::{Bench, merged, on};

/// A task set as it is shown, but for what the test says.
fn without(set: &Value, members: &[&str]) -> Value {
    members.iter().fold(set.clone(), |set, member| merged(set, json!({*member: null})))
}

#[test]
fn an_update_changes_the_scale_and_nothing_else() {
    let mut bench = Bench::prompt();
    let id =
        bench.create_id(json!({"externalId": "deploy-7", "tags": [{"key": "a", "value": "b"}]}));
    bench.wait(10.0);
    let before = bench.task_set(&id);
    bench.wait(1.0);
    bench.ok("UpdateTaskSet", on(&id, json!({"scale": {"value": 50.0, "unit": "PERCENT"}})));
    bench.wait(10.0);
    let after = bench.task_set(&id);
    assert_eq!(after["scale"], json!({"value": 50.0, "unit": "PERCENT"}));
    assert_eq!([&after["computedDesiredCount"], &after["runningCount"]], [1, 1]);
    let follow =
        ["scale", "computedDesiredCount", "runningCount", "updatedAt", "stabilityStatusAt"];
    assert_eq!(without(&after, &follow), without(&before, &follow));
}

#[test]
fn primary_stays_primary_until_another_is() {
    let mut bench = Bench::prompt();
    let old = bench.create_id(json!({}));
    bench.ok("UpdateServicePrimaryTaskSet", on(&old, json!({})));
    bench.ok("UpdateTaskSet", on(&old, json!({"scale": {"value": 0.0, "unit": "PERCENT"}})));
    let new = bench.create_id(json!({}));
    bench.wait(30.0);
    let mut statuses =
        || [&old, &new].map(|id| bench.task_set(id)["status"].as_str().unwrap().to_owned());
    assert_eq!(statuses(), ["PRIMARY", "ACTIVE"]);
    bench.ok("UpdateServicePrimaryTaskSet", on(&new, json!({})));
    let mut statuses =
        || [&old, &new].map(|id| bench.task_set(id)["status"].as_str().unwrap().to_owned());
    assert_eq!(statuses(), ["ACTIVE", "PRIMARY"]);
}

#[test]
fn both_versions_run_in_full_whatever_the_maximum_percent_is() {
    let mut bench = Bench::prompt();
    let limits = json!({"maximumPercent": 100, "minimumHealthyPercent": 0});
    let service = json!({"cluster": "main", "service": "shop", "deploymentConfiguration": limits});
    bench.ok("UpdateService", service);
    let ids = [(); 2].map(|()| bench.create_id(json!({})));
    bench.wait(10.0);
    for id in &ids {
        let set = bench.task_set(id);
        assert_eq!(
            [&set["runningCount"], &set["stabilityStatus"]],
            [&json!(2), &json!("STEADY_STATE")]
        );
    }
}

#[test]
fn a_task_set_is_not_steady_while_a_task_that_runs_fails_its_checks() {
    let mut bench = Bench::prompt();
    let never = crate::model::simulate::Behaviour { healthy_after: None, ..Default::default() };
    bench.behave("web:1", never);
    let grace = json!({"cluster": "main", "service": "shop", "healthCheckGracePeriodSeconds": 600});
    bench.ok("UpdateService", grace);
    let id = bench.create_id(json!({}));
    bench.wait(60.0);
    let set = bench.task_set(&id);
    assert_eq!(
        [&set["runningCount"], &set["pendingCount"], &set["computedDesiredCount"]],
        [2, 0, 2]
    );
    assert_eq!(set["stabilityStatus"], "STABILIZING");
}
