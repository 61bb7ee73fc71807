use std::time::Duration;

use super::*;
use crate::cloud::TaskSetStatus::{Active, Draining, Primary};
use crate::names::{ByColor, ListenerArn};
use crate::traffic::{Action, Conditions, Forward, ListenerRules, Priority, Rule, RuleArn, Scope};

fn group(name: &str) -> TargetGroupArn {
    let arn =
        format!("arn:aws:elasticloadbalancing:us-east-1:222222222222:targetgroup/{name}/0123");
    arn.parse().unwrap()
}

fn set(number: u8, status: TaskSetStatus, behind: &str) -> TaskSet {
    let arn = "arn:aws:ecs:us-east-1:222222222222:task-definition/shop-dev:3";
    TaskSet {
        id: format!("ecs-svc/{number}").parse().unwrap(),
        arn: "arn:aws:ecs:us-east-1:222222222222:task-set/main/shop-dev/1".parse().unwrap(),
        status,
        task_definition: arn.parse().unwrap(),
        external_id: None,
        target_groups: vec![group(behind)],
        scale: 100.0,
        computed_desired: 2,
        running: 2,
        pending: 0,
        steady: true,
    }
}

fn traffic() -> Traffic {
    let rule = |name: &str, number| Rule {
        arn: RuleArn(name.into()),
        priority: Priority::Number(number),
        conditions: Conditions::default(),
        actions: vec![Action::Forward(Forward::to(group(name)))],
        transforms: Vec::new(),
    };
    let listener: ListenerArn =
        "arn:aws:elasticloadbalancing:us-east-1:222222222222:listener/app/shop/1/2"
            .parse()
            .unwrap();
    let scope = Scope {
        groups: ByColor { blue: group("blue"), green: group("green") },
        listeners: vec![listener.clone()],
        test_listener: None,
        accepted_rules: Default::default(),
    };
    let rules = vec![rule("blue", 12), rule("green", 11), rule("preview", 10)];
    let seen = ListenerRules { listener, endpoint: None, rules };
    Traffic::read(vec![seen], &scope, None)
}

/// Green serves, with these sets.
fn preflight(task_sets: Vec<TaskSet>) -> Preflight {
    Preflight {
        service: Service {
            status: "ACTIVE".into(),
            deployment_controller: "EXTERNAL".into(),
            desired_count: 2,
            task_sets,
            health_check_grace_period: Duration::ZERO,
            events: Vec::new(),
        },
        reachability: Reachability::of_rules(traffic()),
        live: Color::Green,
        allows_zero: false,
        serving_group: group("green"),
        idle_group: group("blue"),
        idle_targets: Some(Vec::new()),
        tasks: Some(Vec::new()),
    }
}

fn target(address: &str, state: HealthState) -> TargetHealth {
    TargetHealth {
        address: address.parse().ok(),
        id: address.into(),
        port: Some(8080),
        state,
        reason: None,
        description: None,
    }
}

fn task(address: &str) -> Task {
    Task {
        arn: "task/1".into(),
        started_by: None,
        addresses: vec![address.parse().unwrap()],
        last_status: "RUNNING".into(),
    }
}

#[test]
fn an_empty_service_and_one_whose_primary_serves_are_firm_ground() {
    assert_eq!(preflight(Vec::new()).footing(), Ok(Footing::Firm));
    let sets = vec![set(1, Primary, "green"), set(2, Active, "blue")];
    assert_eq!(preflight(sets).footing(), Ok(Footing::Firm));
}

#[test]
fn sets_without_a_primary_are_firm_ground() {
    assert_eq!(preflight(vec![set(1, Active, "green")]).footing(), Ok(Footing::Firm));
}

#[test]
fn the_one_steady_set_that_serves_is_marked_first_when_primary_is_idle() {
    let sets = vec![set(1, Active, "green"), set(2, Primary, "blue")];
    assert_eq!(preflight(sets).footing(), Ok(Footing::MarkFirst("ecs-svc/1".parse().unwrap())));
}

#[test]
fn a_set_that_is_being_deleted_does_not_count_as_serving() {
    let sets = vec![set(1, Active, "green"), set(2, Primary, "blue"), set(3, Draining, "green")];
    assert!(matches!(preflight(sets).footing(), Ok(Footing::MarkFirst(_))));
}

#[test]
fn every_other_mix_is_refused_in_words_that_tell_the_sets() {
    let unsteady = TaskSet { steady: false, ..set(1, Active, "green") };
    let mixes = [
        (vec![set(2, Primary, "blue")], "no task set behind it"),
        (vec![unsteady, set(2, Primary, "blue")], "ecs-svc/1, which is not steady"),
        (
            vec![set(1, Active, "green"), set(3, Active, "green"), set(2, Primary, "blue")],
            "ecs-svc/1 and ecs-svc/3",
        ),
        (vec![set(1, Active, "green"), set(2, Primary, "else")], "ecs-svc/1"),
    ];
    for (sets, words) in mixes {
        let refusal = preflight(sets).footing().unwrap_err();
        assert!(matches!(refusal, Refusal::Mixed { .. }), "{refusal}");
        assert!(refusal.to_string().contains(words), "{refusal}");
        assert!(refusal.is_passing());
    }
}

#[test]
fn a_desired_count_of_nothing_is_refused_unless_it_is_allowed_and_nothing_runs() {
    let mut found = preflight(vec![set(1, Primary, "green")]);
    found.service.desired_count = 0;
    let refusal = found.footing().unwrap_err();
    assert_eq!(refusal, Refusal::NothingDesired { running: 2 });
    assert!(!refusal.is_passing());
    found.allows_zero = true;
    assert_eq!(found.footing(), Err(Refusal::NothingDesired { running: 2 }));
    found.service.task_sets[0].running = 0;
    assert_eq!(found.footing(), Ok(Footing::Firm));
    found.allows_zero = false;
    assert_eq!(found.footing(), Err(Refusal::NothingDesired { running: 0 }));
}

#[test]
fn a_set_is_kept_whichever_of_its_balancers_leads_requests_to_it() {
    let behind = |groups: &[&str]| {
        let target_groups = groups.iter().map(|name| group(name)).collect();
        preflight(Vec::new()).fate(&TaskSet { target_groups, ..set(1, Active, "blue") })
    };
    assert_eq!(behind(&["blue", "green"]), Fate::Serves);
    assert_eq!(behind(&["elsewhere", "green"]), Fate::Serves);
    assert_eq!(behind(&["blue", "preview"]), Fate::Reachable);
    assert_eq!(behind(&["elsewhere"]), Fate::Reachable);
    assert_eq!((behind(&["blue"]), behind(&[])), (Fate::Pruned, Fate::Pruned));
}

#[test]
fn five_task_sets_that_are_kept_leave_no_room() {
    let mut sets: Vec<TaskSet> = (2..=4).map(|number| set(number, Active, "preview")).collect();
    sets.insert(0, set(1, Primary, "green"));
    sets.push(set(5, Active, "blue"));
    assert_eq!(preflight(sets.clone()).footing(), Ok(Footing::Firm));
    sets[4] = set(5, Active, "elsewhere");
    let refusal = preflight(sets).footing().unwrap_err();
    assert!(matches!(&refusal, Refusal::NoRoom { task_sets } if task_sets.len() == 5), "{refusal}");
}

#[test]
fn an_idle_target_is_foreign_unless_it_is_a_task_or_leaves() {
    let mut found = preflight(Vec::new());
    found.idle_targets = Some(vec![target("10.0.0.1", HealthState::Healthy)]);
    let refusal = found.footing().unwrap_err();
    assert!(matches!(&refusal, Refusal::ForeignTarget { color: Color::Blue, .. }), "{refusal}");
    assert!(refusal.is_passing());
    found.tasks = Some(vec![task("10.0.0.1")]);
    assert_eq!(found.footing(), Ok(Footing::Firm));
    found.tasks = Some(Vec::new());
    found.idle_targets = Some(vec![target("10.0.0.1", HealthState::Draining)]);
    assert_eq!(found.footing(), Ok(Footing::Firm));
}

#[test]
fn a_target_that_is_no_address_is_foreign() {
    let mut found = preflight(Vec::new());
    found.idle_targets = Some(vec![target("i-0abc", HealthState::Unhealthy)]);
    assert!(matches!(found.footing(), Err(Refusal::ForeignTarget { .. })));
}

#[test]
fn foreign_targets_are_not_looked_for_without_the_right_to_read() {
    let mut found = preflight(Vec::new());
    found.idle_targets = Some(vec![target("10.0.0.1", HealthState::Healthy)]);
    found.tasks = None;
    assert_eq!(found.footing(), Ok(Footing::Firm));
}

#[test]
fn a_journal_keeps_what_served_before() {
    let found = preflight(vec![set(1, Primary, "green")]);
    let before = found.before();
    assert_eq!(before.serving, Color::Green);
    assert_eq!(before.primary, Some("ecs-svc/1".parse().unwrap()));
    assert_eq!(before.priorities, found.traffic().priorities());
}
