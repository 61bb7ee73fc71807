//! What people do to a layout.

use fastrand::Rng;

use super::draw::{self, Balancer, Listener};
use super::words;

/// How many listeners a balancer has at most.
const LISTENERS: usize = 3;

/// Changes one thing.
pub(super) fn one(rng: &mut Rng, balancer: &mut Balancer) {
    let at = rng.usize(0..balancer.listeners.len());
    if at > 0 && words::one_in(rng, 8) {
        balancer.listeners[at].role = draw::role(rng);
    } else if balancer.listeners.len() < LISTENERS && words::one_in(rng, 8) {
        balancer.listeners.push(draw::listener(rng));
    } else {
        listener(rng, &mut balancer.listeners[at]);
    }
}

fn listener(rng: &mut Rng, listener: &mut Listener) {
    let count = listener.rules.len();
    if count == 0 || words::one_in(rng, 8) {
        match rng.bool() {
            true => listener.default = words::action(rng),
            false => listener.accepts_default = !listener.accepts_default,
        }
        return;
    }
    let (at, other) = (rng.usize(0..count), rng.usize(0..count));
    match rng.usize(0..9) {
        0 => drop(listener.rules.remove(at)),
        1 | 2 => {
            let rule = listener.new_rule(rng);
            listener.rules.push(rule);
        }
        3 => {
            let number = listener.rules[other].number;
            listener.rules[other].number = listener.rules[at].number;
            listener.rules[at].number = number;
        }
        4 => listener.rules[at].action = words::action(rng),
        5 => condition(rng, listener, at),
        6 => listener.rules[at].conditions = listener.rules[other].conditions.clone(),
        7 => listener.rules[at].transforms = words::transforms(rng),
        _ => listener.rules[at].is_accepted = !listener.rules[at].is_accepted,
    }
}

/// Draws one condition of a rule anew, or adds one.
fn condition(rng: &mut Rng, listener: &mut Listener, at: usize) {
    let conditions = &listener.rules[at].conditions;
    loop {
        let mut changed = conditions.clone();
        let place = rng.usize(0..=changed.len());
        let drawn = words::condition(rng);
        match changed.get_mut(place) {
            Some(there) => *there = drawn,
            None => changed.push(drawn),
        }
        if words::is_taken(&changed) {
            listener.rules[at].conditions = changed;
            return;
        }
    }
}
