//! The ARNs of Elastic Load Balancing, of any partition.

use crate::model::ApiError;

/// What an ARN names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource {
    /// `loadbalancer/app/NAME/ID`, or `net` in place of `app`.
    LoadBalancer,
    /// `listener/app/NAME/BALANCER/ID`.
    Listener,
    /// `listener-rule/app/NAME/BALANCER/LISTENER/ID`.
    Rule,
    /// `targetgroup/NAME/ID`.
    TargetGroup,
}

impl Resource {
    /// What `arn` names; nothing when it has not the shape of an ARN of this service.
    pub fn of(arn: &str) -> Option<Self> {
        let fields: Vec<&str> = arn.splitn(6, ':').collect();
        let ["arn", partition, "elasticloadbalancing", region, account, resource] = fields[..]
        else {
            return None;
        };
        let account_is_good = account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit());
        if !partition.starts_with("aws") || region.is_empty() || !account_is_good {
            return None;
        }
        Self::of_path(&resource.split('/').collect::<Vec<_>>())
    }

    fn of_path(path: &[&str]) -> Option<Self> {
        if path.iter().any(|part| part.is_empty()) {
            return None;
        }
        match path {
            ["loadbalancer", "app" | "net", _, _] => Some(Self::LoadBalancer),
            ["listener", "app" | "net", _, _, _] => Some(Self::Listener),
            ["listener-rule", "app" | "net", _, _, _, _] => Some(Self::Rule),
            ["targetgroup", _, _] => Some(Self::TargetGroup),
            _ => None,
        }
    }

    /// Refuses an ARN that does not name a resource of this kind.
    ///
    /// # Errors
    /// `ValidationError`.
    pub fn check(self, arn: &str) -> Result<(), ApiError> {
        if Self::of(arn) == Some(self) {
            return Ok(());
        }
        let kind = match self {
            Self::LoadBalancer => "load balancer",
            Self::Listener => "listener",
            Self::Rule => "listener rule",
            Self::TargetGroup => "target group",
        };
        Err(ApiError::client("ValidationError", format!("'{arn}' is not a valid {kind} ARN")))
    }
}

/// The ARN of a listener of this balancer.
pub(crate) fn listener_of(balancer: &str, id: &str) -> String {
    format!("{}/{id}", balancer.replacen(":loadbalancer/", ":listener/", 1))
}

/// The ARN of a rule of this listener.
pub(super) fn rule_of(listener: &str, id: &str) -> String {
    format!("{}/{id}", listener.replacen(":listener/", ":listener-rule/", 1))
}

/// The ARN of the balancer that this listener belongs to.
pub(super) fn balancer_of(listener: &str) -> String {
    let parent = listener.rsplit_once('/').map_or(listener, |(parent, _)| parent);
    parent.replacen(":listener/", ":loadbalancer/", 1)
}

/// The part of an ARN at `index` when its resource is split at `/`, such as a name.
pub(super) fn part(arn: &str, index: usize) -> &str {
    arn.rsplit(':').next().and_then(|resource| resource.split('/').nth(index)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_of_any_partition_are_known_and_others_are_not() {
        let known = "arn:aws-us-gov:elasticloadbalancing:us-gov-west-1:123456789012:";
        assert_eq!(Resource::of(&format!("{known}listener/app/web/1/2")), Some(Resource::Listener));
        assert_eq!(Resource::of(&format!("{known}targetgroup/web/1")), Some(Resource::TargetGroup));
        assert_eq!(Resource::of(&format!("{known}listener/gwy/web/1/2")), None);
        assert_eq!(Resource::of(&format!("{known}listener/app/web/1")), None);
        assert_eq!(Resource::of("arn:aws:ecs:us-east-1:123456789012:targetgroup/web/1"), None);
        assert_eq!(Resource::of("arn:aws:elasticloadbalancing:us-east-1:12:targetgroup/a/1"), None);
    }

    #[test]
    fn a_listener_arn_leads_to_its_balancer_and_its_rules() {
        let balancer = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/1";
        let listener = listener_of(balancer, "2");
        assert_eq!(balancer_of(&listener), balancer);
        assert_eq!(Resource::of(&rule_of(&listener, "3")), Some(Resource::Rule));
        assert_eq!(part(&listener, 2), "web");
    }
}
