use serde_json::{Value, json};

use super::bench::{Bench, merged, task_definition};

#[test]
fn every_member_is_kept_and_shown() {
    let mut bench = Bench::new();
    let input = merged(
        task_definition("web:7"),
        json!({"runtimePlatform": {"cpuArchitecture": "ARM64"}, "volumes": [{"name": "v"}],
               "taskRoleArn": "arn:aws:iam::111111111111:role/task"}),
    );
    bench.ok("RegisterTaskDefinition", input.clone());
    let shown = bench.ok("DescribeTaskDefinition", json!({"taskDefinition": "shop"}));
    let shown = shown["taskDefinition"].as_object().unwrap();
    for (name, value) in input.as_object().unwrap() {
        assert_eq!(&shown[name], value, "{name}");
    }
    assert_eq!(shown["revision"], 2);
    assert_eq!(shown["compatibilities"], json!(["EC2", "FARGATE"]));
}

#[test]
fn what_has_no_effect_here_is_known() {
    let bench = Bench::new();
    assert!(bench.cloud.ignored().any(|(operation, member, _)| {
        operation == "RegisterTaskDefinition" && member == "containerDefinitions.0.healthCheck"
    }));
}

#[test]
fn tags_are_shown_only_when_asked_for() {
    let mut bench = Bench::new();
    let tags = json!([{"key": "sha", "value": "abc"}]);
    bench.ok("RegisterTaskDefinition", merged(task_definition("web:2"), json!({"tags": tags})));
    let ask = |include| json!({"taskDefinition": "shop:2", "include": include});
    assert_eq!(bench.ok("DescribeTaskDefinition", ask(json!(["TAGS"])))["tags"], tags);
    assert!(bench.ok("DescribeTaskDefinition", ask(json!([]))).get("tags").is_none());
}

#[test]
fn a_family_means_its_last_active_revision() {
    let mut bench = Bench::new();
    for _ in 0..2 {
        bench.ok("RegisterTaskDefinition", task_definition("web:2"));
    }
    let inactive = bench.ok("DeregisterTaskDefinition", json!({"taskDefinition": "shop:3"}));
    assert_eq!(inactive["taskDefinition"]["status"], "INACTIVE");
    let shown = bench.ok("DescribeTaskDefinition", json!({"taskDefinition": "shop"}));
    assert_eq!(shown["taskDefinition"]["revision"], 2);
    let (code, _) = bench.refused("DescribeTaskDefinition", json!({"taskDefinition": "shop:9"}));
    assert_eq!(code, "ClientException");
    bench.ok("RegisterTaskDefinition", task_definition("web:2"));
    let shown = bench.ok("DescribeTaskDefinition", json!({"taskDefinition": "shop"}));
    assert_eq!(shown["taskDefinition"]["revision"], 4);
}

#[test]
fn a_list_is_filtered_by_the_whole_family_sorted_and_paged() {
    let mut bench = Bench::new();
    bench.ok("RegisterTaskDefinition", task_definition("web:2"));
    bench.ok("RegisterTaskDefinition", task_definition("web:3"));
    let other = merged(task_definition("web:1"), json!({"family": "shop-worker"}));
    bench.ok("RegisterTaskDefinition", other);
    let mut list = |change: Value| {
        let answer = bench.ok(
            "ListTaskDefinitions",
            merged(json!({"familyPrefix": "shop", "sort": "DESC"}), change),
        );
        let names = answer["taskDefinitionArns"].as_array().unwrap().iter();
        let names = names.map(|arn| arn.as_str().unwrap().rsplit('/').next().unwrap().to_owned());
        (names.collect::<Vec<_>>(), answer["nextToken"].clone())
    };
    let (first, token) = list(json!({"maxResults": 2}));
    assert_eq!(first, ["shop:3", "shop:2"]);
    let (second, end) = list(json!({"maxResults": 2, "nextToken": token}));
    assert_eq!((second, end), (vec!["shop:1".to_owned()], Value::Null));
    assert_eq!(list(json!({"status": "INACTIVE"})).0, Vec::<String>::new());
}

#[test]
fn what_ecs_would_not_run_is_not_registered() {
    let mut bench = Bench::new();
    let container =
        |change: Value| merged(json!({"name": "web", "image": "web:1", "memory": 128}), change);
    let one = |change: Value| json!({"containerDefinitions": [container(change)]});
    for bad in [
        json!({"family": null}),
        json!({"family": "a b"}),
        json!({"containerDefinitions": []}),
        json!({"networkMode": "awsvpc", "containerDefinitions": [container(
            json!({"portMappings": [{"containerPort": 80, "hostPort": 8080}]})
        )]}),
        one(json!({"image": null})),
        one(json!({"name": null})),
        one(json!({"essential": false})),
        json!({"containerDefinitions": [container(json!({})), container(json!({}))]}),
        json!({"networkMode": "bridge"}),
        json!({"networkMode": "token-ring"}),
        json!({"cpu": null}),
        json!({"memory": null}),
        json!({"memory": "100"}),
        json!({"cpu": "4096", "memory": "512"}),
    ] {
        let input = merged(task_definition("web:1"), bad.clone());
        assert_eq!(bench.refused("RegisterTaskDefinition", input).0, "ClientException", "{bad}");
    }
}

#[test]
fn a_container_outside_fargate_needs_memory_of_its_own_or_of_its_task() {
    let mut bench = Bench::new();
    let outside = merged(
        task_definition("web:1"),
        json!({"requiresCompatibilities": null, "networkMode": "bridge", "memory": null}),
    );
    assert_eq!(bench.refused("RegisterTaskDefinition", outside.clone()).0, "ClientException");
    bench.ok("RegisterTaskDefinition", merged(outside, json!({"memory": "512"})));
}

#[test]
fn each_call_registers_a_revision_of_its_own() {
    let mut bench = Bench::new();
    let mut register =
        || bench.ok("RegisterTaskDefinition", task_definition("web:2"))["taskDefinition"].clone();
    let [first, second] = [register(), register()];
    assert_eq!([&first["revision"], &second["revision"]], [2, 3]);
}
