//! Where in the file a part of a call comes from.

use super::super::file::FILE;
use super::super::read::{Cursor, Reader};
use super::super::shape::Shape;
use super::super::source::{At, Source};
use super::super::syntax;
use super::part::{Call, Spot, Step};
use crate::names::{AppName, EnvironmentName};

/// The file that calls come from, and what of it they are of.
pub(super) struct Places<'a> {
    pub(super) source: &'a Source,
    pub(super) app: &'a AppName,
    pub(super) environment: &'a EnvironmentName,
}

/// A value of the file with its shape.
type Found<'a> = (Cursor<'a>, &'static Shape);

const WHOLE: &Shape = &Shape::Struct(FILE);

impl Places<'_> {
    /// Where a spot comes from: its own place, or that of the nearest around it that is in the file.
    pub(super) fn of(&self, spot: &Spot) -> At {
        let top = At { path: "".into(), offset: 0 };
        let Ok(value) = syntax::parse(self.source) else {
            return top;
        };
        let reader = Reader::new(self.source);
        self.found(&reader.cursor(&value), spot).map_or(top, |(cursor, _)| cursor.at())
    }

    fn found<'a>(&self, whole: &Cursor<'a>, spot: &Spot) -> Option<Found<'a>> {
        let file = (whole.clone(), WHOLE);
        let apps = member(&file, "Apps")?;
        let app = entry(&apps, self.app.as_str())?;
        let environments = member(&app, "Environments")?;
        let environment = entry(&environments, self.environment.as_str())?;
        // What an environment adds to a call takes the place of what its app adds.
        let added = |name| member(&environment, name).or_else(|| member(&app, name));
        let of_environment = |name| member(&environment, name);
        let (part, rest) = match (spot.call, &spot.steps[..]) {
            (Call::Register, [Step::Member("containerDefinitions"), rest @ ..]) => {
                (member(&app, "ContainerDefinitionTemplates"), rest)
            }
            (Call::Register, [Step::Member("cpu"), ..]) => (of_environment("CPU"), &[][..]),
            (Call::Register, [Step::Member("memory"), ..]) => (of_environment("Memory"), &[][..]),
            (Call::Register, [Step::Member("executionRoleArn"), ..]) => {
                (of_environment("ExecutionRoleArn"), &[][..])
            }
            (Call::Register, []) => (None, &[][..]),
            (Call::Register, rest) => (added("TaskDefinition"), rest),
            (Call::Create, [_, _, Step::Member("subnets"), rest @ ..]) => {
                (of_environment("Subnets"), rest)
            }
            (Call::Create, [_, _, Step::Member("securityGroups"), rest @ ..]) => {
                (of_environment("SecurityGroups"), rest)
            }
            // Of the network, it is the one member that a config has in `TaskSet`.
            (Call::Create, [_, _, Step::Member("assignPublicIp")]) => {
                (added("TaskSet"), &spot.steps[2..])
            }
            (Call::Create, rest) => (added("TaskSet"), rest),
        };
        let part = part.unwrap_or(environment);
        Some(
            rest.iter()
                .try_fold(part, |at, step| below(&at, *step).ok_or(at))
                .unwrap_or_else(|at| at),
        )
    }
}

fn below<'a>(found: &Found<'a>, step: Step) -> Option<Found<'a>> {
    match step {
        Step::Member(name) => member(found, name),
        Step::Element(index) => element(found, index),
    }
}

fn member<'a>((cursor, shape): &Found<'a>, name: &str) -> Option<Found<'a>> {
    let Shape::Struct(members) = shape else {
        return None;
    };
    let (name, shape) = members.iter().find(|(known, _)| *known == name)?;
    let there = cursor.members(members, &[]).ok()?;
    Some((there.get(name)?.clone(), shape))
}

fn entry<'a>((cursor, shape): &Found<'a>, key: &str) -> Option<Found<'a>> {
    let Shape::Map(shape) = shape else {
        return None;
    };
    let mut entries = cursor.entries().ok()?.into_iter();
    entries.find(|(name, _)| name.value == key).map(|(_, cursor)| (cursor, *shape))
}

fn element<'a>((cursor, shape): &Found<'a>, index: usize) -> Option<Found<'a>> {
    let Shape::List(shape) = shape else {
        return None;
    };
    Some((cursor.list().ok()?.into_iter().nth(index)?, *shape))
}
