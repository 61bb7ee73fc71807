//! Several rules for each color, one for each host.

use ecs_deploy::Mode;
use ecs_deploy::names::{ByColor, Color};
use ecs_deploy::traffic::{ListenerRules, Pair, Traffic};
use ecs_deploy_proof::{Ending, Line};
use ecs_deploy_sandbox::model::elb::{Action, ActionKind, Condition, Forward, NewRule, Priority};

use crate::Bench;

/// A shop with another host, which the same color serves.
async fn bench() -> Bench {
    let bench = Bench::open().await;
    for (color, priority) in [(Color::Green, 21), (Color::Blue, 22)] {
        let group = bench.shop.group(color).to_string();
        let rule = NewRule {
            id: format!("00000000000000a{}", color as u8),
            listener: bench.shop.listener().to_string(),
            priority: Priority::new(priority).unwrap(),
            conditions: vec![Condition::HostHeader(vec!["api.example.com".to_owned()].into())],
            actions: vec![Action { order: 1, kind: ActionKind::Forward(Forward::to(group)) }],
            transforms: Vec::new(),
        };
        let scope = bench.shop.deploy_scope();
        let create = bench
            .world
            .with(|cloud, now| cloud.region(&scope).elb.create_rule(rule, now).map(drop));
        create.expect("the listener has room");
    }
    bench
}

/// The priorities of both pairs.
async fn priorities(bench: &Bench) -> Vec<ByColor<u32>> {
    let cloud = bench.shop.connect(&bench.world, &Line::default()).await;
    let listener = bench.shop.listener();
    let rules = cloud.load_balancer.rules(&listener).await.unwrap();
    let seen = vec![ListenerRules { listener, endpoint: None, rules }];
    let traffic = Traffic::read(seen, &bench.shop.target().traffic_scope(), None);
    traffic.check().expect("one color is live");
    let priorities = |pair: &Pair| pair.rules.clone().map(|rule| rule.priority);
    traffic.pairs().map(priorities).collect()
}

#[tokio::test(start_paused = true)]
async fn are_exchanged_in_one_call_by_a_deploy_and_back_by_a_rollback() {
    let (bench, line) = (bench().await, Line::default());
    let pairs = |blue: [u32; 2], green: [u32; 2]| {
        [0, 1].map(|at| ByColor { blue: blue[at], green: green[at] })
    };
    bench.ann.deploy("one", Mode::Fresh).await.expect("nothing stands against it");
    assert_eq!(priorities(&bench).await, pairs([11, 21], [12, 22]));

    let Ending::Told(told) = bench.ann.deploy_over(&line, "two", Mode::Fresh).await else {
        panic!("nobody dies on this line");
    };
    told.expect("nothing stands against it");
    assert_eq!(priorities(&bench).await, pairs([12, 22], [11, 21]));
    let swaps = line.made().iter().filter(|call| *call == "SetRulePriorities").count();
    assert_eq!(swaps, 1);

    bench.ann.go_back().await.expect("the version before still runs");
    assert_eq!(priorities(&bench).await, pairs([11, 21], [12, 22]));
    bench.assert_serves("shop:1", Color::Blue);
    bench.assert_nothing_violated("several hosts");
}
