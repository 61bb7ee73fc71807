//! The cookie by which a client stays with the target group that it was first sent to.

use http::HeaderValue;
use http::header::COOKIE;

use super::{Forward, RequestHead};

/// AWS's name of it. AWS's value is encrypted; here it is the last part of the group's ARN.
const NAME: &str = "AWSALBTG";

impl Forward {
    /// The group that the client was sent to before, whatever its weight is now.
    pub(super) fn pinned(&self, head: &RequestHead) -> Option<&str> {
        let values = head.headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = values.flat_map(|value| value.split(';')).map(str::trim);
        let group = pairs.find_map(|pair| pair.strip_prefix(NAME)?.strip_prefix('='))?;
        let arns = self.groups.iter().map(|group| group.arn.as_str());
        arns.filter(|_| self.stickiness.enabled).find(|arn| id(arn) == group)
    }

    /// What tells the client to stay with a group, where the rule asks for that.
    pub(super) fn cookie(&self, group: &str) -> Option<HeaderValue> {
        let duration = self.stickiness.duration.filter(|_| self.stickiness.enabled)?;
        let cookie = format!("{NAME}={}; Max-Age={}; Path=/", id(group), duration.as_secs());
        HeaderValue::try_from(cookie).ok()
    }
}

fn id(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}
