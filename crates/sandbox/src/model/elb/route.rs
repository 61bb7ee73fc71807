//! Where a request goes.

use std::collections::BTreeMap;
use std::net::IpAddr;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

use super::{
    ActionKind, Elb, FixedResponse, Forward, Health, Listener, Redirect, Rewritten, Rule, Target,
    TargetGroup, propagation, transform,
};
use crate::model::{Cloud, Scope, Settings, Time};

/// What the balancer's rules look at in a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestHead {
    /// The method.
    pub method: Method,
    /// The host as the client named it, with a port if it gave one.
    pub host: String,
    /// The path.
    pub path: String,
    /// The query, without the question mark.
    pub query: Option<String>,
    /// The headers.
    pub headers: HeaderMap,
    /// The client's address.
    pub source: IpAddr,
}

impl RequestHead {
    /// The host without its port.
    pub(super) fn host_name(&self) -> &str {
        self.host_and_port().0
    }

    /// The host and the port that the client named.
    pub(super) fn host_and_port(&self) -> (&str, Option<&str>) {
        match self.host.rsplit_once(':') {
            // A colon inside brackets belongs to an IPv6 address.
            Some((name, port)) if !port.contains(']') => (name, Some(port)),
            _ => (&self.host, None),
        }
    }
}

/// Where a request goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Routed {
    /// To a target.
    Target {
        /// The target.
        target: Target,
        /// The ARN of its group.
        target_group: String,
        /// What the client is to keep, where it is to stay with the group.
        cookie: Option<HeaderValue>,
        /// What the target gets in place of what the client sent.
        rewritten: Rewritten,
    },
    /// Nowhere: the balancer answers itself.
    Respond {
        /// The status.
        status: StatusCode,
        /// The headers, the length aside.
        headers: HeaderMap,
        /// The body.
        body: Bytes,
    },
}

/// A listener that a socket can be bound for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListenerInfo {
    /// Where it is.
    pub scope: Scope,
    /// Its ARN.
    pub arn: String,
    /// Its protocol, such as `HTTP`.
    pub protocol: String,
    /// Its port.
    pub port: u16,
}

impl Cloud {
    /// Where a balancer's node sends a request at `now`, by the rules that are in effect on that
    /// node at that time. `node` counts from 0 to [`Settings::balancer_nodes`].
    pub fn route(
        &mut self,
        scope: &Scope,
        listener: &str,
        node: usize,
        head: &RequestHead,
        now: Time,
    ) -> Routed {
        let Some(regional) = self.regions.get_mut(scope) else {
            return unavailable("no such listener");
        };
        regional.elb.route(&self.settings, listener, node, head, now)
    }

    /// The listeners of all Application Load Balancers.
    pub fn listeners(&self) -> Vec<ListenerInfo> {
        let of_scope = |(scope, regional): (&Scope, &super::super::Regional)| {
            let info = |listener: &Listener| ListenerInfo {
                scope: scope.clone(),
                arn: listener.arn.clone(),
                protocol: listener.protocol.clone(),
                port: listener.port,
            };
            let listeners = regional.elb.listeners().filter(|listener| listener.is_application());
            listeners.map(info).collect::<Vec<_>>()
        };
        self.regions.iter().flat_map(of_scope).collect()
    }
}

impl Elb {
    pub(super) fn route(
        &mut self,
        settings: &Settings,
        listener: &str,
        node: usize,
        head: &RequestHead,
        now: Time,
    ) -> Routed {
        let Some(listener) = self.listeners.get_mut(listener) else {
            return unavailable("no such listener");
        };
        let delay = propagation::delay(settings, node);
        let rules = listener.propagation.in_effect(delay, now).unwrap_or_default();
        let Some(rule) = rules.iter().find(|rule| rule.matches(head)) else {
            return unavailable("the listener is not in effect yet");
        };
        match single_action(rule) {
            Some(ActionKind::Forward(forward)) => {
                let Ok(rewritten) = transform::apply(&rule.transforms, head) else {
                    return unusable("a transform of the rule makes no request that can be sent");
                };
                let turn = next_turn(&mut listener.turns, &rule.arn);
                send(&mut self.groups, forward, head, turn, rewritten)
            }
            Some(ActionKind::FixedResponse(response)) => fixed(response),
            Some(ActionKind::Redirect(to)) => redirect(to, head, &listener.protocol, listener.port),
            Some(ActionKind::Authenticate(_)) | None => {
                unusable(format!("rule {} has an action that is not supported here", rule.arn))
            }
        }
    }
}

/// The rule's action when it is the only one: what comes before a routing action authenticates,
/// and a request must not get past that.
fn single_action(rule: &Rule) -> Option<&ActionKind> {
    match &rule.actions[..] {
        [action] => Some(&action.kind),
        _ => None,
    }
}

fn next_turn(turns: &mut BTreeMap<String, u64>, rule: &str) -> u64 {
    let turn = turns.entry(rule.to_owned()).or_default();
    *turn = turn.wrapping_add(1);
    *turn
}

fn send(
    groups: &mut BTreeMap<String, TargetGroup>,
    forward: &Forward,
    head: &RequestHead,
    turn: u64,
    rewritten: Rewritten,
) -> Routed {
    let Some(arn) = forward.pinned(head).or_else(|| weighted(forward, turn)) else {
        return unavailable("no target group has a weight");
    };
    match groups.get_mut(arn).and_then(TargetGroup::next_target) {
        Some(target) => {
            let cookie = forward.cookie(arn);
            Routed::Target { target, target_group: arn.to_owned(), cookie, rewritten }
        }
        None => unavailable("the target group has no usable target"),
    }
}

/// The group whose turn it is. Multiples of the golden ratio spread evenly over the weights, so
/// that a short run of requests is already split about as the weights say.
fn weighted(forward: &Forward, turn: u64) -> Option<&str> {
    let total: u64 = forward.groups.iter().map(|group| u64::from(group.weight)).sum();
    let spread = u128::from(turn.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let mut point = u64::try_from((spread * u128::from(total)) >> 64).ok()?;
    for group in &forward.groups {
        match point.checked_sub(u64::from(group.weight)) {
            Some(beyond) => point = beyond,
            None => return Some(&group.arn),
        }
    }
    None
}

impl TargetGroup {
    /// The next of the healthy targets in turn. Without a healthy one the balancer fails open: it
    /// asks all that it knows, but for draining ones.
    fn next_target(&mut self) -> Option<Target> {
        let healthy = self.members_where(Health::is_healthy);
        let usable = match healthy.is_empty() {
            true => self.members_where(|health| {
                matches!(health, Health::Checking | Health::Unhealthy(_) | Health::NotInUse)
            }),
            false => healthy,
        };
        let turn = self.served.checked_rem(usable.len())?;
        self.served = self.served.wrapping_add(1);
        usable.get(turn).copied()
    }

    fn members_where(&self, is_wanted: impl Fn(Health) -> bool) -> Vec<Target> {
        let wanted = self.members().filter(|(_, health)| is_wanted(*health));
        wanted.map(|(target, _)| *target).collect()
    }
}

fn fixed(response: &FixedResponse) -> Routed {
    let status = StatusCode::from_u16(response.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut headers = HeaderMap::new();
    let content_type = response.content_type.as_deref().unwrap_or("text/plain");
    if let Ok(value) = HeaderValue::from_str(content_type) {
        headers.insert(header::CONTENT_TYPE, value);
    }
    respond(status, headers, response.body.clone().unwrap_or_default())
}

fn redirect(to: &Redirect, head: &RequestHead, protocol: &str, port: u16) -> Routed {
    let (host, asked_port) = head.host_and_port();
    let port = asked_port.map_or_else(|| port.to_string(), str::to_owned);
    let fill = |template: &str| {
        template
            .replace("#{protocol}", &protocol.to_lowercase())
            .replace("#{host}", host)
            .replace("#{port}", &port)
            .replace("#{path}", head.path.trim_start_matches('/'))
            .replace("#{query}", head.query.as_deref().unwrap_or_default())
    };
    let query = fill(&to.query);
    let mark = if query.is_empty() { "" } else { "?" };
    let scheme = fill(&to.protocol).to_lowercase();
    let location =
        format!("{scheme}://{}:{}{}{mark}{query}", fill(&to.host), fill(&to.port), fill(&to.path));
    let Ok(location) = HeaderValue::from_str(&location) else {
        return respond(StatusCode::BAD_REQUEST, HeaderMap::new(), "unusable location");
    };
    let status = if to.permanent { StatusCode::MOVED_PERMANENTLY } else { StatusCode::FOUND };
    respond(status, HeaderMap::from_iter([(header::LOCATION, location)]), "")
}

fn unavailable(why: &'static str) -> Routed {
    respond(StatusCode::SERVICE_UNAVAILABLE, HeaderMap::new(), why)
}

fn unusable(why: impl Into<Bytes>) -> Routed {
    respond(StatusCode::INTERNAL_SERVER_ERROR, HeaderMap::new(), why)
}

fn respond(status: StatusCode, headers: HeaderMap, body: impl Into<Bytes>) -> Routed {
    Routed::Respond { status, headers, body: body.into() }
}
