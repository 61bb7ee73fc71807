//! Names of resources that a deploy reads or changes.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::text::{is_ecs_name, serialized_as_text, text_name};
use super::{Arn, InvalidName, ServiceName};

/// Declares an ARN of one kind of resource, which `$check` accepts.
macro_rules! resource_arn {
    ($(#[$doc:meta])* $name:ident, $check:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Arn);

        impl $name {
            /// The ARN in its parts.
            pub fn arn(&self) -> &Arn {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidName;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let arn: Arn = text.parse()?;
                let check: fn(&Arn, &str) -> Result<(), InvalidName> = $check;
                check(&arn, text)?;
                Ok(Self(arn))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        serialized_as_text!($name);
    };
}

resource_arn!(
    /// A listener of an application load balancer.
    ListenerArn,
    |arn, text| {
        let invalid = |rule| Err(InvalidName::new(text, "an ALB listener's ARN", rule));
        let parts: Vec<&str> = arn.resource().split('/').collect();
        match (arn.service(), &parts[..]) {
            ("elasticloadbalancing", ["listener", "app", _, _, _]) if is_placed(arn) => Ok(()),
            ("elasticloadbalancing", ["listener", "net", ..]) => {
                invalid("it is a network load balancer's, which has no rules to swap")
            }
            ("elasticloadbalancing", ["listener-rule", ..]) => {
                invalid("it is a rule's, and the listener that holds the rule is expected")
            }
            _ => invalid(
                "expected `arn:…:elasticloadbalancing:REGION:ACCOUNT:listener/app/NAME/ID/ID`",
            ),
        }
    }
);

impl ListenerArn {
    /// The ARN of the balancer that the listener belongs to.
    pub fn balancer(&self) -> String {
        let arn = self.0.to_string().replacen(":listener/", ":loadbalancer/", 1);
        arn.rsplit_once('/').map_or(String::new(), |(balancer, _)| balancer.to_owned())
    }
}

resource_arn!(
    /// A target group of a load balancer.
    TargetGroupArn,
    |arn, text| {
        let parts: Vec<&str> = arn.resource().split('/').collect();
        let right = matches!(parts[..], ["targetgroup", _, _])
            && arn.service() == "elasticloadbalancing"
            && is_placed(arn);
        let rule = "expected `arn:…:elasticloadbalancing:REGION:ACCOUNT:targetgroup/NAME/ID`";
        right
            .then_some(())
            .ok_or_else(|| InvalidName::new(text, "a target group's ARN", rule))
    }
);

resource_arn!(
    /// One revision of a task definition.
    TaskDefinitionArn,
    |arn, text| {
        let right = arn.service() == "ecs" && is_placed(arn) && revision_of(arn).is_some();
        let rule = "expected `arn:…:ecs:REGION:ACCOUNT:task-definition/FAMILY:REVISION`";
        right
            .then_some(())
            .ok_or_else(|| InvalidName::new(text, "a task definition's ARN", rule))
    }
);

impl TaskDefinitionArn {
    /// The family, which is also the service's name.
    pub fn family(&self) -> ServiceName {
        self.parts().0
    }

    /// The revision within its family, from 1 upwards.
    pub fn revision(&self) -> u64 {
        self.parts().1
    }

    /// `FAMILY:REVISION`, as commands and people are shown it.
    pub fn family_revision(&self) -> String {
        let (family, revision) = self.parts();
        format!("{family}:{revision}")
    }

    fn parts(&self) -> (ServiceName, u64) {
        revision_of(&self.0).expect("checked when the ARN was parsed")
    }
}

fn revision_of(arn: &Arn) -> Option<(ServiceName, u64)> {
    let (family, revision) = arn.resource().strip_prefix("task-definition/")?.split_once(':')?;
    Some((family.parse().ok()?, revision.parse().ok()?))
}

/// Whether the ARN says where its resource is.
fn is_placed(arn: &Arn) -> bool {
    arn.region().is_some() && arn.account().is_some()
}

resource_arn!(
    /// A task set by its ARN, which its tags are asked for with.
    TaskSetArn,
    |arn, text| {
        let right = arn.service() == "ecs"
            && is_placed(arn)
            && arn.resource().strip_prefix("task-set/").is_some_and(|rest| !rest.is_empty());
        let rule = "expected `arn:…:ecs:REGION:ACCOUNT:task-set/CLUSTER/SERVICE/ID`";
        right.then_some(()).ok_or_else(|| InvalidName::new(text, "a task set's ARN", rule))
    }
);

text_name!(
    /// A task set of a service, such as `ecs-svc/1234567890123456789`.
    TaskSetId,
    "a task set's id",
    "expected a form like `ecs-svc/1234567890123456789`",
    |text| !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic())
);

text_name!(
    /// An ECS cluster, by its name or its ARN: ECS takes either.
    ClusterName,
    "a cluster's name",
    "expected up to 255 letters, digits, hyphens and underscores, or the cluster's ARN",
    |text| {
        let named = |name: &str| is_ecs_name(name, 255);
        named(text)
            || text.parse().is_ok_and(|arn: Arn| {
                arn.service() == "ecs"
                    && is_placed(&arn)
                    && arn.resource().strip_prefix("cluster/").is_some_and(named)
            })
    }
);

impl ClusterName {
    /// The cluster's ARN, where that is how it was named.
    pub fn arn(&self) -> Option<Arn> {
        self.as_str().parse().ok()
    }
}

text_name!(
    /// An IAM role of a task, by its name or its ARN: ECS takes either. Empty means none, which is
    /// sent as it is.
    RoleName,
    "an IAM role",
    "expected a role's name, its ARN, or nothing",
    |text| {
        text.is_empty()
            || is_iam_name(text)
            || text.parse().is_ok_and(|arn: Arn| {
                arn.service() == "iam"
                    && arn.account().is_some()
                    && arn.resource().strip_prefix("role/").is_some_and(is_iam_path)
            })
    }
);

impl RoleName {
    /// The role's ARN, where that is how it was named.
    pub fn arn(&self) -> Option<Arn> {
        self.as_str().parse().ok()
    }
}

resource_arn!(
    /// An IAM role that is assumed.
    RoleArn,
    |arn, text| {
        let right = arn.service() == "iam"
            && arn.region().is_none()
            && arn.account().is_some()
            && arn.resource().strip_prefix("role/").is_some_and(is_iam_path);
        let rule = "expected `arn:…:iam::ACCOUNT:role/NAME`";
        right.then_some(()).ok_or_else(|| InvalidName::new(text, "a role's ARN", rule))
    }
);

text_name!(
    /// An IAM role as CloudTamer lists it: its name, without a path.
    CloudTamerRole,
    "an IAM role's name",
    "expected up to 64 letters, digits and characters of `+=,.@_-`",
    is_iam_name
);

fn is_iam_name(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"+=,.@_-".contains(&b))
}

/// Whether `text` is a role's name after the path it may have.
fn is_iam_path(text: &str) -> bool {
    text.rsplit('/').next().is_some_and(is_iam_name)
}
