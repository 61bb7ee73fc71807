//! What balancers are examples of.

use std::fmt;

use ecs_deploy::traffic::{Cover, OpenReason, OpenRule, Reach, Traffic, TrafficRefusal};

use super::names;

/// Something that a balancer is an example of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It is accepted.
    Accepted,
    /// It is accepted, with pairs on several listeners.
    SeveralListeners,
    /// It is accepted, with a pair behind another one.
    PairBehindPair,
    /// It is accepted, while the balancer answers all or a part of it.
    Maintenance,
    /// It is accepted, as the rules that lead to the idle color are named.
    Named,
    /// It is accepted for one run.
    ByDigest,
    /// It is refused.
    Refused,
    /// A default rule leads to a color.
    Default,
    /// A rule of a listener that is not moved does.
    OtherListener,
    /// A rule splits requests.
    Several,
    /// A rule has nothing to be paired with.
    Lone,
    /// A rule has something to be paired with that is not quite like it.
    Unlike,
    /// A rule that is not moved takes all requests of a pair.
    Covered,
    /// The pairs have no one live color.
    Mixed,
    /// There is no pair, and nothing that could be one.
    NoPair,
    /// It is refused, and there is no advice that the program could give.
    NoAdvice,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::Accepted,
        Self::SeveralListeners,
        Self::PairBehindPair,
        Self::Maintenance,
        Self::Named,
        Self::ByDigest,
        Self::Refused,
        Self::Default,
        Self::OtherListener,
        Self::Several,
        Self::Lone,
        Self::Unlike,
        Self::Covered,
        Self::Mixed,
        Self::NoPair,
        Self::NoAdvice,
    ];

    /// What must come up among some hundred balancers. The one that is left out should be rare.
    pub fn must() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|kind| *kind != Self::NoAdvice)
    }

    /// What an accepted balancer is an example of.
    pub(super) fn of_accepted(traffic: &Traffic) -> Vec<Self> {
        let mut listeners: Vec<_> = traffic.pairs().map(|pair| &pair.listener).collect();
        listeners.dedup();
        let idle = traffic.live().map(|live| names::groups()[live.other()].clone());
        let is = [
            (Self::Accepted, true),
            (Self::SeveralListeners, listeners.len() > 1),
            (Self::PairBehindPair, traffic.pairs().any(|pair| pair.cover == Some(Cover::Pair))),
            (
                Self::Maintenance,
                traffic.pairs().any(|pair| matches!(pair.cover, Some(Cover::Response(_)))),
            ),
            (Self::Named, idle.is_some_and(|it| traffic.reach(&it) == Reach::AcceptedOnly)),
        ];
        is.into_iter().filter(|(_, is)| *is).map(|(kind, _)| kind).collect()
    }

    /// What a refused balancer is an example of.
    pub(super) fn of_refused(traffic: &Traffic, refusal: &TrafficRefusal) -> Vec<Self> {
        let is_covered = traffic.pairs().any(|pair| matches!(pair.cover, Some(Cover::Forward(_))));
        let is_empty = traffic.pairs().next().is_none() && traffic.open().next().is_none();
        let is_stuck = |problem: &ecs_deploy::traffic::Problem| {
            problem.to_move.is_empty() && problem.to_accept.is_empty()
        };
        let is = [
            (Self::Refused, true),
            (Self::Covered, is_covered),
            (Self::Mixed, traffic.is_mixed()),
            (Self::NoPair, is_empty),
            (Self::NoAdvice, refusal.problems.iter().any(is_stuck)),
        ];
        let is = is.into_iter().filter(|(_, is)| *is).map(|(kind, _)| kind);
        is.chain(traffic.open().filter_map(Self::of_open)).collect()
    }

    fn of_open(open: &OpenRule) -> Option<Self> {
        Some(match &open.reason {
            OpenReason::Default => Self::Default,
            OpenReason::OtherListener => Self::OtherListener,
            OpenReason::Several => Self::Several,
            OpenReason::NoPartner(None) => Self::Lone,
            OpenReason::NoPartner(Some(_)) => Self::Unlike,
            // The sandbox has no such action.
            _ => return None,
        })
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Accepted => "accepted",
            Self::SeveralListeners => "accepted: pairs on several listeners",
            Self::PairBehindPair => "accepted: a pair behind another one",
            Self::Maintenance => "accepted: the balancer answers before a pair",
            Self::Named => "accepted: named rules lead to the idle color",
            Self::ByDigest => "accepted for one run",
            Self::Refused => "refused",
            Self::Default => "refused: a default rule leads to a color",
            Self::OtherListener => "refused: a listener that is not moved",
            Self::Several => "refused: a rule splits requests",
            Self::Lone => "refused: a rule without a partner",
            Self::Unlike => "refused: a rule whose partner is not like it",
            Self::Covered => "refused: a forward takes all of a pair",
            Self::Mixed => "refused: mixed",
            Self::NoPair => "refused: no pair",
            Self::NoAdvice => "refused without advice",
        })
    }
}
