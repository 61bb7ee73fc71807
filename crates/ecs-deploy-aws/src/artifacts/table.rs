//! The calls on the table, one at a time.

use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use ecs_deploy::cloud::{Artifact, CloudError, ErrorClass};
use ecs_deploy::names::{ArtifactId, BuildNumber, ProjectName};

use super::item::{self, BUILD, PROJECT, TAGS};
use super::{GET_ITEM, PUT_ITEM, QUERY, UPDATE_ITEM};
use crate::call::Call;
use crate::pages::{MAX_PAGES, Page, endless};
use crate::tables;

/// How many builds are read at once: mostly the one that is asked for is among the newest.
const BUILDS_PER_PAGE: i32 = 200;

pub(super) type Row = HashMap<String, AttributeValue>;

/// ArtifactDB in one account and region.
#[derive(Debug, Clone)]
pub(crate) struct ArtifactTable {
    client: Client,
    name: String,
}

/// What is to become of one tag of a build.
#[derive(Debug, Clone, Copy)]
pub(super) enum TagChange<'a> {
    Set { key: &'a str, value: &'a str },
    Remove { key: &'a str },
}

impl ArtifactTable {
    pub(crate) fn new(client: Client, name: impl Into<String>) -> Self {
        Self { client, name: name.into() }
    }

    /// The row of the highest build that has every tag.
    pub(super) async fn latest_row(
        &self,
        project: &ProjectName,
        tags: &BTreeMap<String, String>,
    ) -> Result<Option<Row>, CloudError> {
        let mut latest = None;
        let visit = |row, artifact: Artifact| {
            if !artifact.has_tags(tags) {
                return ControlFlow::Continue(());
            }
            latest = Some(row);
            ControlFlow::Break(())
        };
        self.walk(project, visit).await?;
        Ok(latest)
    }

    /// The highest number that a build of the project has.
    pub(super) async fn highest(
        &self,
        project: &ProjectName,
    ) -> Result<Option<BuildNumber>, CloudError> {
        let page = self.page(project, None, 1).await?;
        page.items.first().map(|row| item::build(QUERY, row)).transpose()
    }

    /// Shows a project's builds, the newest first, until it is told to stop.
    pub(super) async fn walk(
        &self,
        project: &ProjectName,
        mut visit: impl FnMut(Row, Artifact) -> ControlFlow<()> + Send,
    ) -> Result<(), CloudError> {
        let mut start = None;
        for _ in 0..MAX_PAGES {
            let page = self.page(project, start, BUILDS_PER_PAGE).await?;
            for row in page.items {
                let artifact = item::artifact(QUERY, &row)?;
                if visit(row, artifact).is_break() {
                    return Ok(());
                }
            }
            match page.next {
                Some(next) => start = Some(next),
                None => return Ok(()),
            }
        }
        Err(endless(QUERY))
    }

    async fn page(
        &self,
        project: &ProjectName,
        start: Option<Row>,
        limit: i32,
    ) -> Result<Page<Row, Row>, CloudError> {
        let call = Call::read(QUERY);
        let request = self
            .client
            .query()
            .table_name(&self.name)
            .key_condition_expression("#project = :project")
            .expression_attribute_names("#project", PROJECT)
            .expression_attribute_values(":project", AttributeValue::S(project.to_string()))
            .scan_index_forward(false)
            .consistent_read(true)
            .limit(limit)
            .set_exclusive_start_key(start)
            .customize()
            .interceptor(call.fence());
        let answer = call.answer(request.send()).await.map_err(|error| self.named(error))?;
        let next = answer.last_evaluated_key.filter(|key| !key.is_empty());
        Ok(Page { items: answer.items.unwrap_or_default(), next })
    }

    /// The row of a build, if there is one.
    pub(super) async fn row(&self, call: Call, id: &ArtifactId) -> Result<Option<Row>, CloudError> {
        let request = self
            .client
            .get_item()
            .table_name(&self.name)
            .set_key(Some(item::key(id)))
            .consistent_read(true)
            .customize()
            .interceptor(call.fence());
        Ok(call.answer(request.send()).await.map_err(|error| self.named(error))?.item)
    }

    /// Stores a row where there is none; fails with [`ErrorClass::Conflict`] where there is one.
    pub(super) async fn put(&self, row: Row) -> Result<(), CloudError> {
        let call = Call::unguarded(PUT_ITEM);
        let request = self
            .client
            .put_item()
            .table_name(&self.name)
            .set_item(Some(row))
            .condition_expression("attribute_not_exists(#project)")
            .expression_attribute_names("#project", PROJECT)
            .customize()
            .interceptor(call.fence());
        call.answer(request.send()).await.map(drop).map_err(|error| self.named(error))
    }

    /// Changes one tag of a build; fails with [`ErrorClass::NotFound`] where the build is missing,
    /// and with [`ErrorClass::Conflict`] where somebody gave it its first tag meanwhile.
    pub(super) async fn change_tags(
        &self,
        call: Call,
        id: &ArtifactId,
        change: TagChange<'_>,
    ) -> Result<(), CloudError> {
        let row = self.row(Call::read(GET_ITEM).within(&call), id).await?;
        let row = row.ok_or_else(|| self.missing(UPDATE_ITEM, id))?;
        let Some(update) = self.tag_update(&row, change) else {
            return Ok(());
        };
        let request = update.set_key(Some(item::key(id))).customize().interceptor(call.fence());
        call.answer(request.send()).await.map(drop).map_err(|error| self.named(error))
    }

    /// The update that changes a tag of a row as it was read, unless there is nothing to change: a
    /// build that was created without tags has no map to put one in, or to take one out of.
    fn tag_update(&self, row: &Row, change: TagChange<'_>) -> Option<UpdateItemFluentBuilder> {
        let update = self
            .client
            .update_item()
            .table_name(&self.name)
            .expression_attribute_names("#project", PROJECT)
            .expression_attribute_names("#tags", TAGS);
        let has_map = matches!(row.get(TAGS), Some(AttributeValue::M(_)));
        match change {
            TagChange::Set { key, value } if has_map => Some(set(update, key, value)),
            TagChange::Set { key, value } => Some(set_first(update, key, value)),
            TagChange::Remove { key } if has_map => Some(remove(update, key)),
            TagChange::Remove { .. } => None,
        }
    }

    /// The error for a build that is not there.
    pub(super) fn missing(&self, action: &'static str, id: &ArtifactId) -> CloudError {
        let message = format!("{} has no build {} of {}", self.name, id.build, id.project);
        CloudError::new(action, ErrorClass::NotFound, message)
    }

    fn named(&self, error: CloudError) -> CloudError {
        tables::named(error, &self.client, &self.name, &[(PROJECT, "S"), (BUILD, "N")])
    }
}

fn set(update: UpdateItemFluentBuilder, key: &str, value: &str) -> UpdateItemFluentBuilder {
    update
        .update_expression("SET #tags.#key = :value")
        .condition_expression("attribute_exists(#project)")
        .expression_attribute_names("#key", key)
        .expression_attribute_values(":value", AttributeValue::S(value.to_owned()))
}

fn set_first(update: UpdateItemFluentBuilder, key: &str, value: &str) -> UpdateItemFluentBuilder {
    let tags = AttributeValue::M(item::texts([(key, value)]));
    update
        .update_expression("SET #tags = :tags")
        .condition_expression(
            "attribute_exists(#project) AND (attribute_not_exists(#tags) OR #tags = :null)",
        )
        .expression_attribute_values(":tags", tags)
        .expression_attribute_values(":null", AttributeValue::Null(true))
}

fn remove(update: UpdateItemFluentBuilder, key: &str) -> UpdateItemFluentBuilder {
    update
        .update_expression("REMOVE #tags.#key")
        .condition_expression("attribute_exists(#project)")
        .expression_attribute_names("#key", key)
}
