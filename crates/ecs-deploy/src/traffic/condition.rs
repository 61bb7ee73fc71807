//! What a rule asks of a request, in one form whichever way it was written.

use std::collections::BTreeSet;
use std::fmt;

use ipnet::IpNet;
use serde_json::{Value, json};

use super::Pattern;

/// What a rule asks of a request: that the field has one of the values.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Condition {
    /// The path, with case.
    Path(BTreeSet<Pattern>),
    /// The host, in lower case.
    Host(BTreeSet<Pattern>),
    /// A header's value, in lower case.
    Header {
        /// The header's name, in lower case.
        name: String,
        /// The values.
        values: BTreeSet<Pattern>,
    },
    /// A parameter of the query, in lower case.
    Query(BTreeSet<Parameter>),
    /// The method, with case.
    Method(BTreeSet<String>),
    /// The client's address.
    SourceIp(BTreeSet<IpNet>),
    /// A condition of regular expressions, or of a field that this program does not know: it is only
    /// compared as a whole.
    Opaque {
        /// The field, by the API's name.
        field: String,
        /// Everything that the API tells of it.
        text: String,
    },
}

/// A parameter of a query.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Parameter {
    /// Its name; any where there is none.
    pub key: Option<Pattern>,
    /// Its value.
    pub value: Pattern,
}

impl Condition {
    /// A condition on the host.
    pub fn host<T: AsRef<str>>(values: impl IntoIterator<Item = T>) -> Self {
        Self::Host(caseless(values))
    }

    /// A condition on the path.
    pub fn path<T: Into<String>>(values: impl IntoIterator<Item = T>) -> Self {
        Self::Path(values.into_iter().map(Pattern::exact).collect())
    }

    /// A condition on a header.
    pub fn header<T: AsRef<str>>(name: &str, values: impl IntoIterator<Item = T>) -> Self {
        Self::Header { name: name.to_lowercase(), values: caseless(values) }
    }

    /// A condition on the query.
    pub fn query<'a>(pairs: impl IntoIterator<Item = (Option<&'a str>, &'a str)>) -> Self {
        let parameter = |(key, value): (Option<&str>, &str)| Parameter {
            key: key.map(Pattern::caseless),
            value: Pattern::caseless(value),
        };
        Self::Query(pairs.into_iter().map(parameter).collect())
    }

    /// A condition on the client's address.
    pub fn source_ip(networks: impl IntoIterator<Item = IpNet>) -> Self {
        Self::SourceIp(networks.into_iter().map(|network| network.trunc()).collect())
    }

    /// Whether it holds for every request.
    fn is_universal(&self) -> bool {
        let has =
            |values: &BTreeSet<Pattern>, all: &str| values.iter().any(|it| it.as_str() == all);
        match self {
            Self::Path(values) => has(values, "*") || has(values, "/*"),
            Self::Host(values) => has(values, "*"),
            Self::SourceIp(networks) => {
                let whole = |network: &&IpNet| network.prefix_len() == 0;
                networks.iter().filter(whole).count() == 2
            }
            Self::Header { .. } | Self::Query(_) | Self::Method(_) | Self::Opaque { .. } => false,
        }
    }

    /// Whether this one holds for every request that `other` holds for, as far as that can be shown.
    fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Path(own), Self::Path(others)) | (Self::Host(own), Self::Host(others)) => {
                each_in(others, own, Pattern::covers)
            }
            (Self::Header { name, values }, Self::Header { name: other, values: others }) => {
                name == other && each_in(others, values, Pattern::covers)
            }
            (Self::Query(own), Self::Query(others)) => each_in(others, own, Parameter::covers),
            (Self::Method(own), Self::Method(others)) => others.is_subset(own),
            (Self::SourceIp(own), Self::SourceIp(others)) => {
                each_in(others, own, |net, other| net.contains(other))
            }
            // What is the same asks for the same, as it does where rules are paired.
            (Self::Opaque { .. }, Self::Opaque { .. }) => self == other,
            _ => false,
        }
    }

    /// Whether no request fits both, as far as that can be shown.
    fn excludes(&self, other: &Self) -> bool {
        let apart = |own: &BTreeSet<Pattern>, others: &BTreeSet<Pattern>| {
            own.iter().all(|one| others.iter().all(|other| one.excludes(other)))
        };
        match (self, other) {
            (Self::Path(own), Self::Path(others)) | (Self::Host(own), Self::Host(others)) => {
                apart(own, others)
            }
            (Self::Method(own), Self::Method(others)) => own.is_disjoint(others),
            _ => false,
        }
    }

    /// The condition as the API takes it; `None` for what this program can't read.
    fn to_api(&self) -> Option<Value> {
        let texts = |values: &BTreeSet<Pattern>| {
            Value::from_iter(values.iter().map(|value| Value::from(value.as_str())))
        };
        Some(match self {
            Self::Path(values) => {
                json!({"Field": "path-pattern", "PathPatternConfig": {"Values": texts(values)}})
            }
            Self::Host(values) => {
                json!({"Field": "host-header", "HostHeaderConfig": {"Values": texts(values)}})
            }
            Self::Header { name, values } => {
                let config = json!({"HttpHeaderName": name, "Values": texts(values)});
                json!({"Field": "http-header", "HttpHeaderConfig": config})
            }
            Self::Query(parameters) => {
                let values = Value::from_iter(parameters.iter().map(Parameter::to_api));
                json!({"Field": "query-string", "QueryStringConfig": {"Values": values}})
            }
            Self::Method(names) => {
                json!({"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": names}})
            }
            Self::SourceIp(networks) => {
                let values = Value::from_iter(networks.iter().map(ToString::to_string));
                json!({"Field": "source-ip", "SourceIpConfig": {"Values": values}})
            }
            Self::Opaque { .. } => return None,
        })
    }
}

fn caseless<T: AsRef<str>>(values: impl IntoIterator<Item = T>) -> BTreeSet<Pattern> {
    values.into_iter().map(|value| Pattern::caseless(value.as_ref())).collect()
}

/// Whether each of `others` is covered by one of `own`. A condition without values covers nothing and
/// is covered by nothing.
fn each_in<T>(others: &BTreeSet<T>, own: &BTreeSet<T>, covers: impl Fn(&T, &T) -> bool) -> bool {
    !others.is_empty() && others.iter().all(|other| own.iter().any(|one| covers(one, other)))
}

impl Parameter {
    fn covers(&self, other: &Self) -> bool {
        let covers_key = match (&self.key, &other.key) {
            (None, _) => true,
            (Some(own), Some(other)) => own.covers(other),
            (Some(_), None) => false,
        };
        covers_key && self.value.covers(&other.value)
    }

    fn to_api(&self) -> Value {
        let value = self.value.as_str();
        match &self.key {
            Some(key) => json!({"Key": key.as_str(), "Value": value}),
            None => json!({"Value": value}),
        }
    }
}

/// What a rule asks of a request: all of these. Conditions that hold for every request are left out,
/// so that rules which ask the same are equal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Conditions(BTreeSet<Condition>);

impl FromIterator<Condition> for Conditions {
    fn from_iter<T: IntoIterator<Item = Condition>>(all: T) -> Self {
        Self(all.into_iter().filter(|condition| !condition.is_universal()).collect())
    }
}

impl Conditions {
    /// Whether these hold for every request that `other` hold for, as far as that can be shown field
    /// by field.
    pub fn covers(&self, other: &Self) -> bool {
        self.0.iter().all(|own| other.0.iter().any(|other| own.covers(other)))
    }

    /// Whether a request may fit both.
    pub fn overlaps(&self, other: &Self) -> bool {
        !self.0.iter().any(|own| other.0.iter().any(|other| own.excludes(other)))
    }

    /// The conditions as the API's JSON, never an empty list, as AWS takes none; `None` where one can't
    /// be written down.
    pub fn to_api(&self) -> Option<Value> {
        if self.0.is_empty() {
            return Some(json!([Condition::path(["/*"]).to_api()?]));
        }
        self.0.iter().map(Condition::to_api).collect::<Option<Vec<_>>>().map(Value::from)
    }
}

impl fmt::Display for Conditions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("every request");
        }
        let all: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&all.join(" and "))
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(values) => write!(f, "path {}", either(values)),
            Self::Host(values) => write!(f, "host {}", either(values)),
            Self::Header { name, values } => write!(f, "header {name}: {}", either(values)),
            Self::Query(parameters) => write!(f, "query {}", either(parameters)),
            Self::Method(names) => write!(f, "method {}", either(names)),
            Self::SourceIp(networks) => write!(f, "source {}", either(networks)),
            Self::Opaque { field, text } => write!(f, "{field} {text}"),
        }
    }
}

impl fmt::Display for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.key {
            Some(key) => write!(f, "{key}={}", self.value),
            None => write!(f, "{}", self.value),
        }
    }
}

fn either<T: fmt::Display>(values: &BTreeSet<T>) -> String {
    values.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conditions(all: impl IntoIterator<Item = Condition>) -> Conditions {
        all.into_iter().collect()
    }

    fn net(text: &str) -> IpNet {
        text.parse().unwrap()
    }

    #[test]
    fn rules_that_ask_the_same_are_equal_however_they_are_written() {
        let written = conditions([Condition::host(["Shop.Example.com"]), Condition::path(["/*"])]);
        let plain = conditions([Condition::host(["shop.example.com", "shop.example.com"])]);
        assert_eq!(written, plain);
        assert_eq!(conditions([Condition::path(["*", "/a"])]), Conditions::default());
        let everybody = Condition::source_ip([net("0.0.0.0/0"), net("::/0")]);
        assert_eq!(conditions([everybody]), Conditions::default());
        assert_ne!(conditions([Condition::path(["/A"])]), conditions([Condition::path(["/a"])]));
        assert_ne!(conditions([Condition::header("X", ["*"])]), Conditions::default());
        let header = |name: &str, value: &str| conditions([Condition::header(name, [value])]);
        assert_eq!(header("X-Test", "On"), header("x-test", "on"));
        let network = |text: &str| conditions([Condition::source_ip([net(text)])]);
        assert_eq!(network("10.1.2.3/8"), network("10.0.0.0/8"));
    }

    #[test]
    fn conditions_cover_what_asks_for_as_much_or_more() {
        let all = Conditions::default();
        let host = conditions([Condition::host(["a.example.com", "b.example.com"])]);
        let api = conditions([Condition::host(["a.example.com"]), Condition::path(["/api/*"])]);
        assert!(all.covers(&host) && all.covers(&api) && host.covers(&api));
        assert!(!host.covers(&all) && !api.covers(&host));
        let inside = conditions([Condition::source_ip([net("10.1.0.0/16")])]);
        let around = conditions([Condition::source_ip([net("10.0.0.0/8"), net("::1/128")])]);
        assert!(around.covers(&inside) && !inside.covers(&around));
        let get = conditions([Condition::Method(["GET".to_owned()].into())]);
        let both = conditions([Condition::Method(["GET".to_owned(), "PUT".to_owned()].into())]);
        assert!(both.covers(&get) && !get.covers(&both));
        let any_key = conditions([Condition::query([(None, "v*")])]);
        let key = conditions([Condition::query([(Some("k"), "v1")])]);
        assert!(any_key.covers(&key) && !key.covers(&any_key));
    }

    #[test]
    fn what_can_not_be_read_covers_the_same_alone() {
        let opaque = |text: &str| Condition::Opaque { field: "x".into(), text: text.into() };
        assert_eq!(conditions([opaque("a")]), conditions([opaque("a")]));
        assert!(conditions([opaque("a")]).covers(&conditions([opaque("a")])));
        assert!(!conditions([opaque("a")]).covers(&conditions([opaque("b")])));
        assert!(!conditions([opaque("a")]).covers(&Conditions::default()));
        assert!(Conditions::default().covers(&conditions([opaque("a")])));
        assert_eq!(conditions([opaque("a")]).to_api(), None);
        let nothing = conditions([Condition::path([] as [&str; 0])]);
        assert!(!nothing.covers(&nothing));
    }

    #[test]
    fn rules_of_other_hosts_do_not_overlap() {
        let host = |name: &str| conditions([Condition::host([name])]);
        assert!(!host("a.example.com").overlaps(&host("b.example.com")));
        assert!(host("a.example.com").overlaps(&host("*.example.com")));
        assert!(host("a.example.com").overlaps(&conditions([Condition::path(["/x"])])));
    }
}
