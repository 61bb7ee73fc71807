//! `plan`.

use serde_json::{Value, json};

use crate::support::{FIRST, Running, SECOND, Sandbox, THIRD};

#[tokio::test]
async fn a_plan_tells_what_a_deploy_would_do_and_changes_nothing() {
    let sandbox = Sandbox::start().await;
    sandbox.deploy(SECOND, &[]).await.with(0);
    let sets = sandbox.cloud.task_sets().await;
    let row = sandbox.cloud.lock_row().await;

    let plan = sandbox.command_at(sandbox.cloud.endpoint, &["plan"], THIRD, &[]);
    let plan = Running::start(plan).ended().await.with(0);
    for told in [
        "plan     shop dev  shop:5ca1ab1 (build 3)  config 1a2b3c4d\n",
        "service  shop-dev in main, 2 tasks; account 111111111111, us-east-1\n",
        "serves   blue, by rules blue 11 and green 12\n",
        " on green, ACTIVE, shop-dev:1, 2 running: deleted in step 4\n",
        " on blue, PRIMARY, shop-dev:2, 2 running: kept, it serves\n",
        "creates  a revision of shop-dev with shop:5ca1ab1\n",
        "creates  a task set on green, 2 tasks\n",
        "swaps    green gets 11, blue gets 12\n",
        "\n 7 rollout   wait until its tasks run and are healthy                 20s\n",
        "\n13 record    tag the artifact and release the lock ",
    ] {
        assert!(plan.stdout.contains(told), "no `{told}` in:\n{}", plan.stdout);
    }
    assert_eq!(sandbox.cloud.task_sets().await, sets);
    assert_eq!(sandbox.cloud.lock_row().await, row);
    assert_eq!(sandbox.version().await, SECOND);
}

#[tokio::test]
async fn a_plan_is_also_told_as_data() {
    let sandbox = Sandbox::start().await;
    let flags = ["-output", "json", "-skip-pre-post"];
    let plan = sandbox.command_at(sandbox.cloud.endpoint, &["plan"], SECOND, &flags);
    let plan = Running::start(plan).ended().await.with(0);
    let plan: Value = serde_json::from_str(&plan.stdout).unwrap();
    let expected = json!({
        "Schema": 1, "App": "shop", "Environment": "dev", "AccountID": "111111111111",
        "Region": "us-east-1", "Cluster": "main", "Service": "shop-dev", "DesiredCount": 2,
        "ConfigSHA": "1a2b3c4d", "ServingColor": "green", "NewColor": "blue",
        "Priorities": {"blue": 12, "green": 11}, "NewPriorities": {"blue": 11, "green": 12},
        "Images": ["shop:2b7f1c9"], "MarksFirst": null
    });
    for (member, value) in expected.as_object().unwrap() {
        assert_eq!(&plan[member], value, "{member}");
    }
    assert_eq!(plan["Artifact"]["BuildNumber"], 2);
    let set = &plan["TaskSets"][0];
    assert_eq!((&set["Color"], &set["Fate"]), (&json!("green"), &json!("Serves")));
    assert_eq!(plan["Steps"].as_array().unwrap().len(), 13);
    let swap = json!({
        "Step": 9, "Name": "swap", "Purpose": "exchange the rules' priorities",
        "LimitSeconds": 60.0, "Skipped": false
    });
    assert_eq!(plan["Steps"][8], swap);
    assert_eq!(plan["Steps"][1]["Skipped"], true);
}

#[tokio::test]
async fn what_a_deploy_would_refuse_is_told_and_an_empty_endpoint_is_none() {
    let sandbox = Sandbox::start().await;
    let mut unset = sandbox.command_at(sandbox.cloud.endpoint, &["plan"], FIRST, &[]);
    unset.env("AWS_ENDPOINT_URL_ECS", "");
    Running::start(unset).ended().await.with(0);
    let command = |sha| sandbox.command_at(sandbox.cloud.endpoint, &["plan"], sha, &[]);
    let unknown = Running::start(command("1234567")).ended().await.with(2);
    unknown.telling("ArtifactDB has no build of shop with the tag SHA=1234567");
    let mut other_account = command(FIRST);
    other_account.env("AWS_ACCESS_KEY_ID", "999999999999");
    let refused = Running::start(other_account).ended().await.with(2);
    refused.telling("are of account 999999999999, and the lock table");
}
