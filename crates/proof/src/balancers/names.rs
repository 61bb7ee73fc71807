//! What the parts of a drawn balancer are called.

use ecs_deploy::names::{AccountId, ByColor, Color, ListenerArn, Region, TargetGroupArn};
use ecs_deploy::traffic::RuleArn;
use ecs_deploy_sandbox::model::Scope;

/// A target group that rules forward to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Group {
    /// A color's.
    Of(Color),
    /// That of a service that signs users in.
    Auth,
    /// That of an older service.
    Legacy,
}

impl Group {
    pub(super) const ALL: [Self; 4] =
        [Self::Of(Color::Blue), Self::Of(Color::Green), Self::Auth, Self::Legacy];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Of(color) => color.as_str(),
            Self::Auth => "auth",
            Self::Legacy => "legacy",
        }
    }

    /// The last part of its ARN, which a cookie names.
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::Of(Color::Blue) => "00000000000000b1",
            Self::Of(Color::Green) => "00000000000000c2",
            Self::Auth => "00000000000000a3",
            Self::Legacy => "00000000000000e4",
        }
    }

    pub(super) fn arn(self) -> String {
        arn(&format!("targetgroup/{}/{}", self.name(), self.id()))
    }

    pub(super) fn by_arn(arn: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.arn() == arn)
    }
}

const BALANCER: &str = "app/web/0123456789abcdef";

pub(super) fn account() -> AccountId {
    "222222222222".parse().expect("12 digits")
}

pub(super) fn region() -> Region {
    "us-east-1".parse().expect("a region")
}

pub(super) fn scope() -> Scope {
    Scope { account: account().to_string(), region: region().to_string() }
}

fn arn(resource: &str) -> String {
    scope().arn("elasticloadbalancing", resource)
}

pub(super) fn balancer() -> String {
    arn(&format!("loadbalancer/{BALANCER}"))
}

/// The listener at a place among the balancer's listeners.
pub(super) fn listener(place: usize) -> ListenerArn {
    let listener = arn(&format!("listener/{BALANCER}/{}", listener_id(place)));
    listener.parse().expect("a listener")
}

fn listener_id(place: usize) -> String {
    format!("000000000000010{place}")
}

/// The last part of the ARN of a rule that is drawn with this number.
pub(super) fn rule_id(number: u16) -> String {
    format!("{number:016}")
}

/// The rule with this number, or the default rule.
pub(super) fn rule(listener: usize, number: Option<u16>) -> RuleArn {
    let id = number.map_or_else(|| listener_id(listener), rule_id);
    RuleArn(arn(&format!("listener-rule/{BALANCER}/{}/{id}", listener_id(listener))))
}

pub(super) fn groups() -> ByColor<TargetGroupArn> {
    ByColor::from_fn(|color| Group::Of(color).arn().parse().expect("a target group"))
}
