use std::collections::{BTreeMap, BTreeSet};

use ecs_deploy_sandbox::model::Time;
use ecs_deploy_sandbox::model::elb::{
    Action, ActionKind, Condition, Elb, FixedResponse, NewRule, Priority,
};
use proptest::prelude::*;

const LISTENER: &str =
    "arn:aws:elasticloadbalancing:us-east-1:111111111111:listener/app/web/1111/2222";
const BALANCER: &str =
    "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/app/web/1111";

fn answer() -> Vec<Action> {
    let response = FixedResponse { status: 200, content_type: None, body: None };
    vec![Action { order: 1, kind: ActionKind::FixedResponse(response) }]
}

/// Rules with the priorities 1 to `count`, and their ARNs.
fn elb(count: u16) -> (Elb, Vec<String>) {
    let (mut elb, now) = (Elb::default(), Time::default());
    elb.put_load_balancer(BALANCER, now).expect("a balancer");
    elb.put_listener(LISTENER, "HTTP", 80, answer(), now).expect("a listener");
    let rule = |priority: u16| {
        let new = NewRule {
            id: format!("{priority:04}"),
            listener: LISTENER.to_owned(),
            priority: Priority::At(priority),
            conditions: vec![Condition::PathPattern(vec!["*".to_owned()].into())],
            actions: answer(),
            transforms: Vec::new(),
        };
        elb.create_rule(new, now).expect("a rule").arn.clone()
    };
    let arns = (1..=count).map(rule).collect();
    (elb, arns)
}

fn priorities(elb: &Elb) -> BTreeMap<String, Priority> {
    elb.rules_in_order(LISTENER).iter().map(|rule| (rule.arn.clone(), rule.priority)).collect()
}

fn permutation() -> impl Strategy<Value = Vec<u16>> {
    (2_u16..9).prop_flat_map(|count| Just((1..=count).collect::<Vec<_>>()).prop_shuffle())
}

proptest! {
    #[test]
    fn every_permutation_is_applied_whole(order in permutation()) {
        let (mut elb, arns) = elb(u16::try_from(order.len()).expect("few rules"));
        let pairs: Vec<_> =
            arns.iter().cloned().zip(order.iter().copied().map(Priority::At)).collect();
        elb.set_rule_priorities(&pairs, Time::default()).expect("no conflict");
        let after = priorities(&elb);
        for (arn, priority) in pairs {
            prop_assert_eq!(after[&arn], priority);
        }
    }

    #[test]
    fn other_orders_are_applied_whole_or_refused_whole(
        wanted in prop::collection::btree_map(0_usize..6, 1_u16..9, 1..6),
    ) {
        let (mut elb, arns) = elb(6);
        let before = priorities(&elb);
        let pairs: Vec<_> = wanted
            .iter()
            .map(|(index, priority)| (arns[*index].clone(), Priority::At(*priority)))
            .collect();
        let mut expected = before.clone();
        expected.extend(pairs.iter().cloned());
        let is_free = expected.values().collect::<BTreeSet<_>>().len() == expected.len();
        match elb.set_rule_priorities(&pairs, Time::default()) {
            Ok(()) => {
                prop_assert!(is_free);
                prop_assert_eq!(priorities(&elb), expected);
            }
            Err(error) => {
                prop_assert!(!is_free);
                prop_assert_eq!(error.code, "PriorityInUse");
                prop_assert_eq!(priorities(&elb), before);
            }
        }
    }
}
