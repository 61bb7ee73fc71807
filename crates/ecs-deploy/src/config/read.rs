//! A cursor over the parsed JSON that reads as Go's `encoding/json` does.
//!
//! Members of structures match without regard to case, keys of maps match exactly, `null` means
//! absent, and of repeated members the last counts, with objects merged. Every error and warning
//! has its place.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use jsonc_parser::ast::{Object, ObjectPropName, Value};
use jsonc_parser::common::Ranged;

use super::error::{ConfigError, Oddity, Problem, Warning, nearest};
use super::shape;
use super::source::{At, Source, Text};

/// The file that is read, and what was odd in it so far.
pub(super) struct Reader<'a> {
    pub(super) source: &'a Source,
    pub(super) warnings: RefCell<Vec<Warning>>,
}

/// A value of the file: more than one where a member is repeated, and never `null`.
#[derive(Clone)]
pub(super) struct Cursor<'a> {
    reader: &'a Reader<'a>,
    values: Vec<&'a Value<'a>>,
    path: Arc<str>,
}

/// The members of a structure that are there.
pub(super) struct Members<'a> {
    pub(super) at: At,
    by_name: BTreeMap<&'static str, Cursor<'a>>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(source: &'a Source) -> Self {
        let warnings = RefCell::default();
        Self { source, warnings }
    }

    pub(super) fn cursor(&'a self, value: &'a Value<'a>) -> Cursor<'a> {
        Cursor { reader: self, values: vec![value], path: "".into() }
    }

    fn warn(&self, at: &At, oddity: Oddity) {
        self.warnings.borrow_mut().push(Warning {
            file: Arc::clone(&self.source.file),
            place: self.source.place(at),
            oddity,
        });
    }
}

impl<'a> Cursor<'a> {
    /// Where the value that counts stands.
    pub(super) fn at(&self) -> At {
        self.at_value(self.last())
    }

    pub(super) fn error(&self, problem: impl Into<Problem>) -> ConfigError {
        self.reader.source.error(&self.at(), problem)
    }

    pub(super) fn text(&self) -> Result<Text, ConfigError> {
        let literal = self.last_of("a string", Value::as_string_lit)?;
        Ok(Text { value: literal.value.to_string(), at: self.at() })
    }

    pub(super) fn boolean(&self) -> Result<bool, ConfigError> {
        Ok(self.last_of("true or false", Value::as_boolean_lit)?.value)
    }

    /// A whole number; all those of the ECS API have 32 bits.
    pub(super) fn integer(&self) -> Result<i32, ConfigError> {
        let expected = "a whole number";
        let literal = self.last_of(expected, Value::as_number_lit)?;
        let number: i64 =
            literal.value.parse().map_err(|_| self.wrong_type(expected, self.last()))?;
        i32::try_from(number).map_err(|_| {
            let why = format!("{number} is beyond the 32 bits that ECS takes");
            self.error(Problem::Unusable(why))
        })
    }

    pub(super) fn list(&self) -> Result<Vec<Self>, ConfigError> {
        let array = self.last_of("a list", Value::as_array)?;
        let elements = array.elements.iter().enumerate();
        Ok(elements
            .filter(|(_, value)| !is_null(value))
            .map(|(index, value)| self.below(value, format!("{}[{index}]", self.path)))
            .collect())
    }

    /// The entries of a map, whose keys are exact. A repeated key stands here once, with its last
    /// value, in the first one's place.
    pub(super) fn entries(&self) -> Result<Vec<(Text, Self)>, ConfigError> {
        let mut entries: Vec<(Text, Self)> = Vec::new();
        for (key, value) in self.properties()? {
            let found = entries.iter_mut().find(|(k, _)| k.value == key.value);
            let cursor = self.below(value, key.at.path.to_string());
            if found.is_some() {
                self.reader.warn(&key.at, Oddity::Repeated);
            }
            match found {
                _ if is_null(value) => {}
                Some(entry) => *entry = (key, cursor),
                None => entries.push((key, cursor)),
            }
        }
        Ok(entries)
    }

    /// The members of a structure: those that are `known`, whatever their case. One of `later` is
    /// refused, because ignoring what a later version will obey could drop a safety setting.
    pub(super) fn members(
        &self,
        known: shape::Members,
        later: &[&'static str],
    ) -> Result<Members<'a>, ConfigError> {
        let mut by_name: BTreeMap<&'static str, Self> = BTreeMap::new();
        for (key, value) in self.properties()? {
            if find_folded(later.iter().copied(), &key.value).is_some() && !is_null(value) {
                return Err(self.reader.source.error(&key.at, Problem::Unsupported));
            }
            let names = known.iter().map(|(name, _)| *name);
            let Some(name) = find_folded(names.clone(), &key.value) else {
                let did_you_mean = nearest(&key.value, names);
                self.reader.warn(&key.at, Oddity::UnknownMember { did_you_mean });
                continue;
            };
            if is_null(value) {
                continue;
            }
            let path = join(&self.path, name);
            by_name
                .entry(name)
                .and_modify(|cursor| {
                    self.reader.warn(&key.at, Oddity::Repeated);
                    cursor.values.push(value);
                })
                .or_insert_with(|| self.below(value, path));
        }
        let at = self.at();
        Ok(Members { at, by_name })
    }

    fn properties(&self) -> Result<Vec<(Text, &'a Value<'a>)>, ConfigError> {
        let objects = self.all_of("an object", Value::as_object)?;
        Ok(objects.into_iter().flat_map(|o| self.keyed(o)).collect())
    }

    fn keyed(&self, object: &'a Object<'a>) -> impl Iterator<Item = (Text, &'a Value<'a>)> {
        object.properties.iter().map(|property| {
            let (ObjectPropName::String(_) | ObjectPropName::Word(_)) = &property.name;
            let key = property.name.as_str();
            let at = At { path: join(&self.path, key).into(), offset: property.name.range().start };
            let value = key.to_owned();
            (Text { value, at }, &property.value)
        })
    }

    fn below(&self, value: &'a Value<'a>, path: String) -> Self {
        Self { reader: self.reader, values: vec![value], path: path.into() }
    }

    fn last(&self) -> &'a Value<'a> {
        self.values[self.values.len() - 1]
    }

    fn last_of<T>(
        &self,
        expected: &'static str,
        pick: impl Fn(&'a Value<'a>) -> Option<T>,
    ) -> Result<T, ConfigError> {
        let mut all = self.all_of(expected, pick)?;
        all.pop().ok_or_else(|| self.wrong_type(expected, self.last()))
    }

    /// All the values, each of which has to be of the type, the superseded ones too.
    fn all_of<T>(
        &self,
        expected: &'static str,
        pick: impl Fn(&'a Value<'a>) -> Option<T>,
    ) -> Result<Vec<T>, ConfigError> {
        self.values
            .iter()
            .map(|value| pick(value).ok_or_else(|| self.wrong_type(expected, value)))
            .collect()
    }

    fn wrong_type(&self, expected: &'static str, value: &Value<'_>) -> ConfigError {
        let found = match value {
            Value::StringLit(_) => String::from("a string"),
            // A number may be a password that someone forgot to quote.
            Value::NumberLit(_) => String::from("a number"),
            Value::BooleanLit(literal) => literal.value.to_string(),
            Value::Object(_) => String::from("an object"),
            Value::Array(_) => String::from("a list"),
            Value::NullKeyword(_) => String::from("null"),
        };
        let problem = Problem::WrongType { expected, found };
        self.reader.source.error(&self.at_value(value), problem)
    }

    fn at_value(&self, value: &Value<'_>) -> At {
        At { path: Arc::clone(&self.path), offset: value.range().start }
    }
}

impl<'a> Members<'a> {
    pub(super) fn get(&self, name: &str) -> Option<&Cursor<'a>> {
        self.by_name.get(name)
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<Text>, ConfigError> {
        self.get(name).map(Cursor::text).transpose()
    }

    /// The elements of a list; none where the member is absent.
    pub(super) fn list(&self, name: &str) -> Result<Vec<Cursor<'a>>, ConfigError> {
        self.get(name).map_or(Ok(Vec::new()), Cursor::list)
    }

    pub(super) fn texts(&self, name: &str) -> Result<Vec<Text>, ConfigError> {
        self.list(name)?.iter().map(Cursor::text).collect()
    }

    /// The entries of a map; none where the member is absent.
    pub(super) fn entries(&self, name: &str) -> Result<Vec<(Text, Cursor<'a>)>, ConfigError> {
        self.get(name).map_or(Ok(Vec::new()), Cursor::entries)
    }
}

fn is_null(value: &Value<'_>) -> bool {
    value.as_null_keyword().is_some()
}

fn find_folded(mut names: impl Iterator<Item = &'static str>, key: &str) -> Option<&'static str> {
    names.find(|name| name.eq_ignore_ascii_case(key))
}

fn join(path: &str, key: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    match (path, !key.is_empty() && key.chars().all(plain)) {
        ("", true) => key.to_owned(),
        (_, true) => format!("{path}.{key}"),
        (_, false) => format!("{path}[{key:?}]"),
    }
}
