//! Layouts that teams have, with nothing wrong with them.

use std::time::Duration;

use ecs_deploy::names::Color;
use ecs_deploy_sandbox::model::elb::{ActionKind, Condition};
use fastrand::Rng;

use super::draw::{self, Balancer, Listener, Role, Rule};
use super::names::Group;
use super::words;

/// Pairs on one or two listeners, with one live color, and listeners beside them.
pub(super) fn sound(rng: &mut Rng) -> Balancer {
    let live = words::color(rng);
    let mut listeners = vec![moved(rng, live)];
    if words::one_in(rng, 3) {
        listeners.push(moved(rng, live));
    }
    if words::one_in(rng, 3) {
        listeners.push(beside(rng));
    }
    Balancer { listeners }
}

fn moved(rng: &mut Rng, live: Color) -> Listener {
    let mut rules = Numbered { rules: Vec::new(), live };
    if words::one_in(rng, 2) {
        let (conditions, action) = (words::conditions(rng), words::elsewhere(rng));
        rules.add(rng, conditions, action);
    }
    if words::one_in(rng, 4) {
        let conditions = words::conditions(rng);
        let action = words::action(rng);
        rules.add(rng, conditions, action).is_accepted = true;
    }
    let takes_all = rng.bool();
    for _ in 0..rng.usize(usize::from(!takes_all)..=2) {
        let conditions = words::conditions(rng);
        rules.add_pair(rng, &conditions);
    }
    if takes_all {
        let conditions = vec![words::everything(rng)];
        rules.add_pair(rng, &conditions);
    }
    if takes_all && words::one_in(rng, 3) {
        let (conditions, action) = (words::conditions(rng), words::action(rng));
        rules.add(rng, conditions, action);
    }
    let default = if takes_all { words::action(rng) } else { words::elsewhere(rng) };
    Listener { role: Role::Moved, rules: rules.rules, default, accepts_default: false }
}

/// A listener to try a version out, or one that has nothing to do with the colors.
fn beside(rng: &mut Rng) -> Listener {
    if rng.bool() {
        return Listener { role: Role::Test, ..draw::listener(rng) };
    }
    let mut rules = Numbered { rules: Vec::new(), live: Color::Blue };
    for _ in 0..rng.usize(0..=2) {
        let (conditions, action) = (words::conditions(rng), words::elsewhere(rng));
        rules.add(rng, conditions, action);
    }
    let default = words::elsewhere(rng);
    Listener { role: Role::Other, rules: rules.rules, default, accepts_default: false }
}

/// Rules in the order of their numbers.
struct Numbered {
    rules: Vec<Rule>,
    live: Color,
}

impl Numbered {
    fn add(&mut self, rng: &mut Rng, conditions: Vec<Condition>, action: ActionKind) -> &mut Rule {
        let last = self.rules.last().map_or(0, |rule| rule.number);
        let number = last + rng.u16(1..=4);
        self.rules.push(Rule {
            number,
            conditions,
            action,
            transforms: Vec::new(),
            is_accepted: false,
        });
        self.rules.last_mut().expect("it was put there just now")
    }

    fn add_pair(&mut self, rng: &mut Rng, conditions: &[Condition]) {
        let sticky = words::one_in(rng, 8).then_some(Duration::from_secs(60));
        let half = |rng: &mut Rng, color: Color| {
            let others = [Group::Of(color.other()), Group::Legacy];
            // Something of before, to which no request goes any more.
            let left = (sticky.is_none() && words::one_in(rng, 6)).then(|| rng.usize(0..2));
            let left = left.map(|at| (others[at], 0));
            let parts: Vec<_> = left.into_iter().chain([(Group::Of(color), 1)]).collect();
            words::forward(&parts, sticky)
        };
        let (live, transforms) = (half(rng, self.live), words::transforms(rng));
        self.add(rng, conditions.to_vec(), live).transforms.clone_from(&transforms);
        if words::one_in(rng, 5) {
            let (conditions, action) = (words::conditions(rng), words::elsewhere(rng));
            self.add(rng, conditions, action);
        }
        let same = if rng.bool() { words::rewritten(rng, conditions) } else { conditions.to_vec() };
        let idle = half(rng, self.live.other());
        self.add(rng, same, idle).transforms = transforms;
    }
}
