//! A balancer, as it is drawn.

use ecs_deploy::traffic;
use ecs_deploy_sandbox::model::elb::{ActionKind, Condition, Transform};
use fastrand::Rng;

use super::{layout, names, perturb, words};

/// A balancer, and what a config names of it.
#[derive(Debug, Clone)]
pub(super) struct Balancer {
    pub listeners: Vec<Listener>,
}

#[derive(Debug, Clone)]
pub(super) struct Listener {
    pub role: Role,
    pub rules: Vec<Rule>,
    pub default: ActionKind,
    pub accepts_default: bool,
}

/// What a listener is to the config.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Its pairs are moved.
    Moved,
    /// It is there to try a version out.
    Test,
    /// It is not named.
    Other,
}

#[derive(Debug, Clone)]
pub(super) struct Rule {
    /// Unlike those of the listener's other rules.
    pub number: u16,
    pub conditions: Vec<Condition>,
    pub action: ActionKind,
    pub transforms: Vec<Transform>,
    pub is_accepted: bool,
}

/// One balancer of three is drawn without a plan, the others have a sound layout that is perturbed.
pub(super) fn balancer(rng: &mut Rng) -> Balancer {
    if words::one_in(rng, 3) {
        return anything(rng);
    }
    let mut balancer = layout::sound(rng);
    for _ in 0..rng.usize(0..=2) {
        perturb::one(rng, &mut balancer);
    }
    balancer
}

fn anything(rng: &mut Rng) -> Balancer {
    let mut listeners: Vec<_> = (0..rng.usize(1..=3)).map(|_| listener(rng)).collect();
    listeners[0].role = Role::Moved;
    Balancer { listeners }
}

/// Any listener.
pub(super) fn listener(rng: &mut Rng) -> Listener {
    let mut listener = Listener {
        role: role(rng),
        rules: Vec::new(),
        default: words::action(rng),
        accepts_default: words::one_in(rng, 12),
    };
    for _ in 0..rng.usize(0..=8) {
        let rule = listener.new_rule(rng);
        listener.rules.push(rule);
    }
    listener
}

pub(super) fn role(rng: &mut Rng) -> Role {
    match rng.usize(0..4) {
        0 => Role::Other,
        1 => Role::Test,
        _ => Role::Moved,
    }
}

/// How far the numbers of rules go.
const NUMBERS: u16 = 40;

impl Listener {
    /// Any rule, with a number that is free.
    pub(super) fn new_rule(&self, rng: &mut Rng) -> Rule {
        let asked = self.rules.get(rng.usize(0..=self.rules.len()));
        let conditions = match asked {
            Some(same) if rng.bool() => words::rewritten(rng, &same.conditions),
            _ => words::conditions(rng),
        };
        Rule {
            number: self.free_number(rng),
            conditions,
            action: words::action(rng),
            transforms: words::transforms(rng),
            is_accepted: words::one_in(rng, 12),
        }
    }

    fn free_number(&self, rng: &mut Rng) -> u16 {
        loop {
            let number = rng.u16(1..=NUMBERS);
            if self.rules.iter().all(|rule| rule.number != number) {
                return number;
            }
        }
    }
}

impl Balancer {
    /// What the config names.
    pub(super) fn scope(&self) -> traffic::Scope {
        let of_role = |role: Role| {
            let all = self.listeners.iter().enumerate();
            all.filter(move |(_, it)| it.role == role).map(|(place, _)| names::listener(place))
        };
        let accepted = self.listeners.iter().enumerate().flat_map(|(place, listener)| {
            let rules = listener.rules.iter().filter(|rule| rule.is_accepted);
            let default = listener.accepts_default.then(|| names::rule(place, None));
            rules.map(move |rule| names::rule(place, Some(rule.number))).chain(default)
        });
        traffic::Scope {
            groups: names::groups(),
            listeners: of_role(Role::Moved).collect(),
            test_listener: of_role(Role::Test).next(),
            accepted_rules: accepted.collect(),
        }
    }
}
