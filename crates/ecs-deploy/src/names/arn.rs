//! Amazon resource names.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::text::{serialized_as_text, text_name};
use super::{AccountId, InvalidName, Region};

text_name!(
    /// A group of regions with accounts of its own: `aws`, `aws-cn`, `aws-us-gov` and others.
    Partition,
    "an AWS partition",
    "expected `aws`, or a form like `aws-us-gov`",
    |text| {
        let mut words = text.split('-');
        words.next() == Some("aws")
            && words.all(|w| !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase()))
    }
);

/// An Amazon resource name in its parts: `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Arn {
    partition: Partition,
    service: String,
    region: Option<Region>,
    account: Option<AccountId>,
    resource: String,
}

const WHAT: &str = "an ARN";
const FORM: &str = "expected `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`";

impl Arn {
    /// The partition, which every ARN has.
    pub fn partition(&self) -> &Partition {
        &self.partition
    }

    /// The service's namespace, such as `ecs`.
    pub fn service(&self) -> &str {
        &self.service
    }

    /// The region, where the service has regions.
    pub fn region(&self) -> Option<&Region> {
        self.region.as_ref()
    }

    /// The account, where the resource belongs to one.
    pub fn account(&self) -> Option<&AccountId> {
        self.account.as_ref()
    }

    /// The resource, such as `role/deployer`; it may hold colons.
    pub fn resource(&self) -> &str {
        &self.resource
    }
}

impl FromStr for Arn {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let invalid = || InvalidName::new(text, WHAT, FORM);
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        let ["arn", partition, service, region, account, resource] = parts[..] else {
            return Err(invalid());
        };
        let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_graphic());
        if !plain(service) || !plain(resource) {
            return Err(invalid());
        }
        Ok(Self {
            partition: partition.parse().map_err(|_| invalid())?,
            service: service.to_owned(),
            region: optional(region).map_err(|_| invalid())?,
            account: optional(account).map_err(|_| invalid())?,
            resource: resource.to_owned(),
        })
    }
}

fn optional<T: FromStr>(part: &str) -> Result<Option<T>, T::Err> {
    if part.is_empty() { Ok(None) } else { part.parse().map(Some) }
}

impl fmt::Display for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let region = self.region.as_ref().map_or("", Region::as_str);
        let account = self.account.as_ref().map_or("", AccountId::as_str);
        write!(f, "arn:{}:{}:{region}:{account}:{}", self.partition, self.service, self.resource)
    }
}

serialized_as_text!(Arn);
