//! What a rule does with a request.

use std::time::Duration;

use super::{Elb, Listener, TargetGroup};
use crate::model::ApiError;

/// One action of a rule; those of a lower order come first.
#[derive(Debug, Clone, PartialEq)]
pub struct Action {
    /// Its place, from 1 to 50000.
    pub order: u16,
    /// What it does.
    pub kind: ActionKind,
}

/// What an action does.
#[derive(Debug, Clone, PartialEq)]
pub enum ActionKind {
    /// Sends the request to a target.
    Forward(Forward),
    /// Answers in place of a target.
    FixedResponse(FixedResponse),
    /// Sends the client elsewhere.
    Redirect(Redirect),
    /// Asks who the client is. It is stored and shown, never carried out.
    Authenticate(Authenticate),
}

/// A forward to one or several target groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forward {
    /// The groups, 1 to 5.
    pub groups: Vec<WeightedGroup>,
    /// Whether clients stay with a group.
    pub stickiness: Stickiness,
}

/// A target group and its part of the requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeightedGroup {
    /// The group's ARN.
    pub arn: String,
    /// Its weight, from 0 to 999.
    pub weight: u16,
}

/// Whether clients stay with the target group they were first sent to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stickiness {
    /// Whether they do.
    pub enabled: bool,
    /// For how long.
    pub duration: Option<Duration>,
}

/// An answer that the balancer gives itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FixedResponse {
    /// The status.
    pub status: u16,
    /// The body's type.
    pub content_type: Option<String>,
    /// The body.
    pub body: Option<String>,
}

/// Where a redirect leads; each part may hold placeholders such as `#{host}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect {
    /// `HTTP`, `HTTPS` or `#{protocol}`.
    pub protocol: String,
    /// The host.
    pub host: String,
    /// The port.
    pub port: String,
    /// The path, with a leading slash.
    pub path: String,
    /// The query, without a question mark.
    pub query: String,
    /// Whether the redirect is a permanent one (301, not 302).
    pub permanent: bool,
}

/// An authenticating action, as the client gave it but for its secret, which is dropped.
#[derive(Debug, Clone, PartialEq)]
pub struct Authenticate {
    /// AWS's name of the type, such as `authenticate-oidc`.
    pub kind: String,
    /// The configuration, by AWS's names.
    pub config: serde_json::Map<String, serde_json::Value>,
}

impl Forward {
    /// A forward to one group.
    pub fn to(arn: impl Into<String>) -> Self {
        let groups = vec![WeightedGroup { arn: arn.into(), weight: 1 }];
        Self { groups, stickiness: Stickiness::default() }
    }

    fn check(&self) -> Result<(), ApiError> {
        if self.groups.is_empty() {
            return Err(invalid("A forward action must name a target group"));
        }
        if self.groups.len() > 5 {
            let message = "A forward action can have at most 5 target groups";
            return Err(ApiError::client("TooManyTargetGroups", message));
        }
        for (index, group) in self.groups.iter().enumerate() {
            if self.groups[..index].iter().any(|other| other.arn == group.arn) {
                return Err(invalid(format!("Target group '{}' is named twice", group.arn)));
            }
            if group.weight > 999 {
                return Err(invalid(format!("Weight '{}' must be from 0 to 999", group.weight)));
            }
        }
        self.stickiness.check()
    }
}

impl Stickiness {
    fn check(&self) -> Result<(), ApiError> {
        let week = Duration::from_secs(7 * 24 * 3600);
        let in_range = |duration: Duration| duration >= Duration::from_secs(1) && duration <= week;
        match self.duration {
            Some(duration) if !in_range(duration) => {
                Err(invalid("Stickiness duration must be from 1 to 604800 seconds"))
            }
            None if self.enabled => Err(invalid("Stickiness needs a duration when it is enabled")),
            _ => Ok(()),
        }
    }
}

impl FixedResponse {
    fn check(&self) -> Result<(), ApiError> {
        const TYPES: [&str; 5] =
            ["text/plain", "text/css", "text/html", "application/javascript", "application/json"];
        if !matches!(self.status, 200..=299 | 400..=599) {
            return Err(invalid("A fixed response has a status of 2XX, 4XX or 5XX"));
        }
        if self.content_type.as_ref().is_some_and(|given| !TYPES.contains(&given.as_str())) {
            return Err(invalid("The content type of a fixed response is not a supported one"));
        }
        if self.body.as_ref().is_some_and(|body| body.len() > 1024) {
            return Err(invalid("The body of a fixed response has at most 1024 characters"));
        }
        Ok(())
    }
}

impl Redirect {
    /// A redirect that keeps every part of the request's URL.
    pub fn same(permanent: bool) -> Self {
        Self {
            protocol: "#{protocol}".to_owned(),
            host: "#{host}".to_owned(),
            port: "#{port}".to_owned(),
            path: "/#{path}".to_owned(),
            query: "#{query}".to_owned(),
            permanent,
        }
    }

    fn check(&self) -> Result<(), ApiError> {
        // The query alone does not end a loop.
        let same = Self { query: self.query.clone(), ..Self::same(self.permanent) };
        if *self == same {
            let message = "The redirect leads to itself: change protocol, host, port or path";
            return Err(ApiError::client("InvalidLoadBalancerAction", message));
        }
        if !matches!(self.protocol.as_str(), "HTTP" | "HTTPS" | "#{protocol}") {
            return Err(invalid("The protocol of a redirect is HTTP, HTTPS or #{protocol}"));
        }
        if !self.path.starts_with('/') {
            return Err(invalid("The path of a redirect begins with a slash"));
        }
        Ok(())
    }
}

impl Elb {
    /// Refuses actions that AWS refuses for this listener; returns them in their order.
    pub(super) fn check_actions(
        &self,
        listener: &Listener,
        mut actions: Vec<Action>,
    ) -> Result<Vec<Action>, ApiError> {
        actions.sort_by_key(|action| action.order);
        check_sequence(listener, &actions)?;
        for action in &actions {
            match &action.kind {
                ActionKind::Forward(forward) => self.check_forward(listener, forward)?,
                ActionKind::FixedResponse(response) => response.check()?,
                ActionKind::Redirect(redirect) => redirect.check()?,
                ActionKind::Authenticate(_) => {}
            }
        }
        Ok(actions)
    }

    fn check_forward(&self, listener: &Listener, forward: &Forward) -> Result<(), ApiError> {
        forward.check()?;
        for weighted in &forward.groups {
            let group = self.group(&weighted.arn)?;
            if listener.is_application() != group.protocol.starts_with("HTTP") {
                let message = format!(
                    "Target group '{}' of protocol {} is not compatible with a listener of protocol {}",
                    group.arn, group.protocol, listener.protocol
                );
                return Err(ApiError::client("IncompatibleProtocols", message));
            }
            if group.balancer().is_some_and(|balancer| balancer != listener.balancer()) {
                let message = format!(
                    "Target group '{}' cannot be associated with more than one load balancer",
                    group.arn
                );
                return Err(ApiError::client("TargetGroupAssociationLimit", message));
            }
            refuse_stickiness(group, forward)?;
        }
        Ok(())
    }
}

/// Refuses a sticky group in a forward to several groups that can't keep clients with a group.
pub(super) fn refuse_stickiness(group: &TargetGroup, forward: &Forward) -> Result<(), ApiError> {
    if forward.groups.len() < 2 || !group.is_sticky() {
        return Ok(());
    }
    let message = match (forward.stickiness.enabled, group.uses_application_cookies()) {
        (true, false) => return Ok(()),
        (false, _) => "a forward to several target groups must enable target group stickiness",
        (true, true) => "application cookies do not work with several target groups",
    };
    let message = format!("Target group '{}' has stickiness enabled: {message}", group.arn);
    Err(ApiError::client("InvalidConfigurationRequest", message))
}

fn check_sequence(listener: &Listener, actions: &[Action]) -> Result<(), ApiError> {
    let Some((last, before)) = actions.split_last() else {
        return Err(invalid("An action must be specified"));
    };
    let is_authenticating = |action: &Action| matches!(action.kind, ActionKind::Authenticate(_));
    if is_authenticating(last) {
        let message = "The last action must be forward, fixed-response or redirect";
        return Err(ApiError::client("InvalidLoadBalancerAction", message));
    }
    if before.len() > 1 || !before.iter().all(is_authenticating) {
        let message = "A rule has one authenticating action at most, and one routing action";
        return Err(ApiError::client("TooManyActions", message));
    }
    if !before.is_empty() && listener.protocol != "HTTPS" {
        let message = "Authenticating actions need an HTTPS listener";
        return Err(ApiError::client("InvalidLoadBalancerAction", message));
    }
    if actions.windows(2).any(|pair| pair[0].order == pair[1].order) {
        return Err(invalid("The orders of the actions must be unlike"));
    }
    if actions.iter().any(|action| !(1..=50_000).contains(&action.order)) {
        return Err(invalid("The order of an action must be from 1 to 50000"));
    }
    Ok(())
}

fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::client("ValidationError", message)
}
