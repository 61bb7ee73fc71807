//! What a task definition holds and nobody should read in a message: AWS repeats values of a
//! request in some of its errors, and names secrets in the reasons for stopped tasks.

use serde_json::{Map, Value};

use super::rendered::TemplateValues;
use super::target::Target;

/// Shorter values are too much like ordinary words to be looked for in a message.
const SHORTEST: usize = 6;

/// Members that are maps, each of whose values may be a secret.
const MAPS: [&str; 4] = ["options", "driverOpts", "dockerLabels", "labels"];

/// Members whose strings may have a secret in them.
const TEXTS: [&str; 3] = ["command", "entryPoint", "credentialsParameter"];

/// Options of the log driver `awslogs`, which name groups and streams.
const NAMES_ONLY: &str = "awslogs-";

/// The values of a task definition that may be secrets, the longest first, each with the name that
/// takes its place.
#[derive(Clone, PartialEq, Default)]
pub(super) struct Hidden(Vec<(String, String)>);

impl Hidden {
    /// The values in container definitions and in further members of `RegisterTaskDefinition`,
    /// environment variables and references to secrets first of all. What templates put in is known
    /// to everybody.
    pub(super) fn of(
        containers: &[Value],
        members: &Map<String, Value>,
        target: &Target,
        values: &TemplateValues,
    ) -> Self {
        let mut hidden = Self::default();
        containers.iter().for_each(|container| hidden.look_into(container));
        members.values().for_each(|member| hidden.look_into(member));
        let mut known = vec![target.environment.as_str(), target.region.as_str()];
        known.extend([target.account.as_str(), values.value.as_str()]);
        known.extend(values.tags.values().map(String::as_str));
        hidden.0.retain(|(value, _)| value.len() >= SHORTEST && !known.contains(&value.as_str()));
        hidden.0.sort_by(|(one, _), (other, _)| other.len().cmp(&one.len()).then(one.cmp(other)));
        hidden.0.dedup_by(|(later, _), (earlier, _)| later == earlier);
        hidden
    }

    /// A message with names in place of the values.
    pub(super) fn hide(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (value, name)| {
            let name = format!("(hidden: {name})");
            let json = Value::from(value.as_str()).to_string();
            text.replace(value, &name).replace(&json[1..json.len() - 1], &name)
        })
    }

    fn look_into(&mut self, value: &Value) {
        match value {
            Value::Array(elements) => elements.iter().for_each(|element| self.look_into(element)),
            Value::Object(members) => self.look_into_members(members),
            _ => {}
        }
    }

    fn look_into_members(&mut self, members: &Map<String, Value>) {
        let own = members.get("name").and_then(Value::as_str);
        for (member, value) in members {
            match (member.as_str(), value) {
                ("value" | "valueFrom", _) => self.add_all(own.unwrap_or(member), value),
                (texts, _) if TEXTS.contains(&texts) => self.add_all(texts, value),
                (map, Value::Object(entries)) if MAPS.contains(&map) => {
                    let entries = entries.iter().filter(|(key, _)| !key.starts_with(NAMES_ONLY));
                    entries.for_each(|(key, value)| self.add_all(key, value));
                }
                _ => self.look_into(value),
            }
        }
    }

    /// Every string in a value, under a name.
    fn add_all(&mut self, name: &str, value: &Value) {
        match value {
            Value::String(text) => self.0.push((text.clone(), name.to_owned())),
            Value::Array(elements) => elements.iter().for_each(|it| self.add_all(name, it)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{fixtures, values};
    use super::*;

    /// What is hidden of the fixture `real.json`.
    fn hidden() -> Hidden {
        let config = super::super::read(&fixtures().join("real.json")).unwrap();
        let target = config.target("claims", "staging").unwrap();
        let rendered = target.render(&values()).unwrap();
        Hidden::of(&rendered.containers, &rendered.task_definition, &target, &values())
    }

    #[test]
    fn values_are_replaced_by_their_names_as_they_are_and_as_json_writes_them() {
        let hidden = hidden();
        let value = "a \"b\" \\\",\"x\":\"{{.}}";
        let told = format!("invalid {value} and {}", Value::from(value));
        assert_eq!(hidden.hide(&told), "invalid (hidden: QUOTED) and \"(hidden: QUOTED)\"");
        let told = "unable to retrieve /claims/staging/db for the group /claims/staging";
        let expected = "unable to retrieve (hidden: DB) for the group /claims/staging";
        assert_eq!(hidden.hide(told), expected);
        let told = "CMD-SHELL, curl -f localhost:9000 || exit 1";
        assert_eq!(hidden.hide(told), "(hidden: command), (hidden: command)");
    }

    #[test]
    fn what_everybody_knows_and_short_words_stay() {
        let told = "us-gov-west-1 444444444444 shop:abc sha256:1 staging claims-staging proxy 7";
        assert_eq!(hidden().hide(told), told);
    }
}
