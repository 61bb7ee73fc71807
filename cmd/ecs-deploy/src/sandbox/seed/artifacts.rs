//! ArtifactDB with its builds.

use ecs_deploy::config::Target;
use ecs_deploy::names::ProjectName;
use ecs_deploy_aws::ARTIFACT_TABLE;
use ecs_deploy_sandbox::model::dynamo::{
    AttributeValue, Billing, Item, KeyAttribute, KeySchema, KeyType,
};
use ecs_deploy_sandbox::model::{ApiError, Cloud, Scope, Time};

use crate::sandbox::builds::{ALL, Build};

/// Makes the table, with all builds of each project.
pub(super) fn create(cloud: &mut Cloud, place: &Scope, targets: &[Target]) -> Result<(), ApiError> {
    let schema = KeySchema {
        hash: KeyAttribute::new("ProjectName", KeyType::S),
        range: Some(KeyAttribute::new("BuildNumber", KeyType::N)),
    };
    let tables = &mut cloud.region(place).dynamo;
    tables.create(ARTIFACT_TABLE, schema, Billing::PayPerRequest, Time::default())?;
    for target in targets {
        let Some(project) = &target.artifact_project else { continue };
        for build in ALL {
            tables.put(ARTIFACT_TABLE, row(project, &build, target))?;
        }
    }
    Ok(())
}

fn row(project: &ProjectName, build: &Build, target: &Target) -> Item {
    let tags = build.tags().into_iter().map(|(key, value)| (key, value.into())).collect();
    Item::from([
        ("ProjectName".to_owned(), project.as_str().into()),
        ("BuildNumber".to_owned(), build.number().0.into()),
        ("Value".to_owned(), build.value(target).into()),
        ("Tags".to_owned(), AttributeValue::M(tags)),
        ("ContainedArtifacts".to_owned(), AttributeValue::Null),
    ])
}
