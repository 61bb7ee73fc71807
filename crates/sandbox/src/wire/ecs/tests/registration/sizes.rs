use serde_json::json;

use super::{elsewhere, of, one, one_elsewhere, refused, side, taken, task, web};

#[test]
fn fargate_has_certain_sizes() {
    assert_eq!(
        refused(task(json!({"cpu": "1 vCPU", "memory": "1024"}))),
        "No Fargate configuration exists for given values: 1024 CPU, 1024 memory. See the Amazon ECS \
         documentation for the valid values."
    );
    taken(task(json!({"cpu": "1 vCPU", "memory": "2 GB"})));
}

#[test]
fn windows_on_fargate_has_a_whole_cpu() {
    let windows = json!({"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"});
    let sized = |cpu: &str, memory: &str| {
        task(json!({"cpu": cpu, "memory": memory, "runtimePlatform": windows}))
    };
    assert!(refused(sized("512", "2048")).starts_with("No Fargate configuration exists"));
    taken(sized("1024", "2048"));
}

#[test]
fn fargate_needs_to_know_the_size_of_the_task() {
    for what in ["cpu", "memory"] {
        for given in [json!(null), json!("")] {
            assert_eq!(
                refused(task(json!({what: given}))),
                format!("Fargate requires that '{what}' be defined at the task level.")
            );
        }
    }
}

#[test]
fn a_size_is_a_number_of_units() {
    assert_eq!(refused(elsewhere(json!({"cpu": "much"}))), "Invalid 'cpu' setting for task.");
    assert_eq!(refused(elsewhere(json!({"cpu": "127"}))), "Invalid 'cpu' setting for task.");
    assert_eq!(refused(elsewhere(json!({"memory": "-1"}))), "Invalid 'memory' setting for task.");
    taken(elsewhere(json!({"cpu": "128", "memory": "100"})));
}

#[test]
fn a_container_has_no_more_memory_than_its_task() {
    for what in ["memory", "memoryReservation"] {
        assert_eq!(
            refused(one(json!({what: 513}))),
            format!("The '{what}' setting for container 'web' is greater than for the task.")
        );
        taken(one(json!({what: 512})));
    }
}

#[test]
fn containers_reserve_no_more_cpu_than_their_task() {
    let both = |cpu: i64| task(of(&[web(json!({"cpu": 200})), side(json!({"cpu": cpu}))]));
    assert_eq!(
        refused(both(57)),
        "The sum of all container 'cpu' values cannot be greater than the value of the task 'cpu'."
    );
    taken(both(56));
    assert_eq!(refused(one(json!({"cpu": -1}))), "Invalid 'cpu' setting for container 'web'.");
}

#[test]
fn a_hard_limit_is_not_below_the_soft_one() {
    let limits = |memory: u32| one(json!({"memory": memory, "memoryReservation": 128}));
    assert!(refused(limits(127)).contains("'memory' must be greater than 'memoryReservation'"));
    taken(limits(128));
}

#[test]
fn a_container_has_4_mib_at_least() {
    for what in ["memory", "memoryReservation"] {
        assert!(refused(one(json!({what: 3}))).contains(&format!("'{what}' must be at least 4")));
        taken(one(json!({what: 4})));
    }
}

#[test]
fn memory_of_0_is_none() {
    let none =
        elsewhere(json!({"memory": null, "containerDefinitions": [web(json!({"memory": 0}))]}));
    assert!(refused(none).contains("At least one of 'memory' or 'memoryReservation'"));
    taken(one_elsewhere(json!({"memory": 0, "memoryReservation": 64})));
}
