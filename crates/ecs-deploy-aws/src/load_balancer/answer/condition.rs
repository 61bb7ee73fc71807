//! A rule's conditions, in the words of the port.

use aws_sdk_elasticloadbalancingv2::types::{self, QueryStringKeyValuePair};
use ecs_deploy::traffic::Condition;
use ipnet::IpNet;

/// The values stand in a list of the condition's own, or in a structure for its field, or in both.
pub(super) fn read(condition: &types::RuleCondition) -> Condition {
    known(condition).unwrap_or_else(|| Condition::Opaque {
        field: condition.field().unwrap_or_default().to_owned(),
        text: format!("{condition:?}"),
    })
}

/// The condition, if it is of plain values and of a field that the library knows.
fn known(condition: &types::RuleCondition) -> Option<Condition> {
    if !condition.regex_values().is_empty() {
        return None;
    }
    let own = condition.values();
    let all = |more: &[String]| own.iter().chain(more).cloned().collect::<Vec<_>>();
    match condition.field()? {
        "path-pattern" => match condition.path_pattern_config() {
            Some(config) if !config.regex_values().is_empty() => None,
            config => Some(Condition::path(all(config.map(|it| it.values()).unwrap_or_default()))),
        },
        "host-header" => match condition.host_header_config() {
            Some(config) if !config.regex_values().is_empty() => None,
            config => Some(Condition::host(all(config.map(|it| it.values()).unwrap_or_default()))),
        },
        "http-header" => {
            let config = condition.http_header_config()?;
            let name = config.http_header_name()?;
            let is_plain = config.regex_values().is_empty();
            is_plain.then(|| Condition::header(name, all(config.values())))
        }
        "query-string" => {
            let pairs = condition.query_string_config()?.values();
            let pair = |pair: &'_ QueryStringKeyValuePair| pair.value().map(|_| ());
            pairs.iter().all(|it| pair(it).is_some()).then(|| {
                let pairs = pairs.iter().map(|it| (it.key(), it.value().unwrap_or_default()));
                Condition::query(pairs)
            })
        }
        "http-request-method" => {
            let config = condition.http_request_method_config();
            let names = all(config.map(|config| config.values()).unwrap_or_default());
            Some(Condition::Method(names.into_iter().collect()))
        }
        "source-ip" => {
            let config = condition.source_ip_config();
            let networks = all(config.map(|config| config.values()).unwrap_or_default());
            let networks: Result<Vec<IpNet>, _> = networks.iter().map(|it| it.parse()).collect();
            networks.ok().map(Condition::source_ip)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_elasticloadbalancingv2::types::{
        HostHeaderConditionConfig, HttpHeaderConditionConfig, PathPatternConditionConfig,
        QueryStringConditionConfig, RuleCondition, SourceIpConditionConfig,
    };

    use super::*;

    #[test]
    fn values_are_read_from_each_of_their_places() {
        let plain = RuleCondition::builder().field("host-header").values("Shop.example.com");
        let config = HostHeaderConditionConfig::builder().values("shop.example.com").build();
        let both = plain.clone().host_header_config(config).build();
        assert_eq!(read(&both), Condition::host(["shop.example.com"]));
        assert_eq!(read(&plain.build()), Condition::host(["shop.example.com"]));
        let config = PathPatternConditionConfig::builder().values("/a").build();
        let path = RuleCondition::builder().field("path-pattern").path_pattern_config(config);
        assert_eq!(read(&path.build()), Condition::path(["/a"]));
        let config = HttpHeaderConditionConfig::builder().http_header_name("X-A").values("b");
        let header =
            RuleCondition::builder().field("http-header").http_header_config(config.build());
        assert_eq!(read(&header.build()), Condition::header("x-a", ["b"]));
        let pair = QueryStringKeyValuePair::builder().key("k").value("v").build();
        let config = QueryStringConditionConfig::builder().values(pair).build();
        let query = RuleCondition::builder().field("query-string").query_string_config(config);
        assert_eq!(read(&query.build()), Condition::query([(Some("k"), "v")]));
        let config = SourceIpConditionConfig::builder().values("10.1.2.3/8").build();
        let source = RuleCondition::builder().field("source-ip").source_ip_config(config);
        assert_eq!(read(&source.build()), Condition::source_ip(["10.0.0.0/8".parse().unwrap()]));
    }

    #[test]
    fn what_is_not_known_stays_as_it_is() {
        let config = PathPatternConditionConfig::builder().values("/a").regex_values("^/b").build();
        let regex = RuleCondition::builder().field("path-pattern").path_pattern_config(config);
        let other = RuleCondition::builder().field("moon-phase").values("full");
        let network = RuleCondition::builder().field("source-ip").values("everywhere");
        for condition in [regex.build(), other.build(), network.build()] {
            assert!(matches!(read(&condition), Condition::Opaque { .. }), "{condition:?}");
            assert_eq!(read(&condition), read(&condition.clone()));
        }
    }
}
