//! Reading many items: Query and Scan, page by page.

use super::expression::{Condition, KeyCondition};
use super::key::Key;
use super::size::item_size;
use super::{Item, Table};
use crate::model::ApiError;

/// How many bytes a page reads at most, but for its last item.
const PAGE_SIZE: usize = 1024 * 1024;

/// In which direction of the range key a query reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Ascending,
    Descending,
}

impl Direction {
    /// Whether one key comes after another.
    fn follows(self, key: &Key, other: &Key) -> bool {
        match self {
            Self::Ascending => key > other,
            Self::Descending => key < other,
        }
    }
}

/// What a page holds and where it starts.
#[derive(Debug, Clone, Default)]
pub(crate) struct PageRequest {
    /// The items to be returned of those read.
    pub(crate) filter: Option<Condition>,
    /// How many items are read at most.
    pub(crate) limit: Option<usize>,
    /// The primary key of the last item of the page before.
    pub(crate) start: Option<Item>,
}

/// What a page read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Page {
    /// The items that passed the filter.
    pub(crate) items: Vec<Item>,
    /// How many items were read.
    pub(crate) scanned: usize,
    /// The primary key to go on from; none at the end.
    pub(crate) last_evaluated_key: Option<Item>,
}

impl Table {
    /// Reads a page of the items that meet a key condition.
    pub(crate) fn query(
        &self,
        condition: &Condition,
        direction: Direction,
        request: &PageRequest,
    ) -> Result<Page, ApiError> {
        let condition = KeyCondition::new(condition, &self.schema)?;
        self.check_filter(request.filter.as_ref())?;
        let start = self.start(request)?;
        if start.as_ref().is_some_and(|start| !condition.holds(start)) {
            return Err(invalid(
                "The provided starting key is outside query boundaries based on provided conditions",
            ));
        }
        let mut found: Vec<_> = self
            .items
            .range(Key { hash: condition.hash.clone(), range: None }..)
            .take_while(|(key, _)| key.hash == condition.hash)
            .filter(|(key, _)| condition.holds(key))
            .filter(|(key, _)| start.as_ref().is_none_or(|start| direction.follows(key, start)))
            .collect();
        if direction == Direction::Descending {
            found.reverse();
        }
        Ok(self.page(found.into_iter(), request))
    }

    /// Reads a page of all items.
    pub(crate) fn scan(&self, request: &PageRequest) -> Result<Page, ApiError> {
        let start = self.start(request)?;
        let found =
            self.items.iter().filter(|(key, _)| start.as_ref().is_none_or(|start| *key > start));
        Ok(self.page(found, request))
    }

    fn start(&self, request: &PageRequest) -> Result<Option<Key>, ApiError> {
        let Some(start) = &request.start else { return Ok(None) };
        self.schema.exact_key(start).map(Some).map_err(|error| {
            invalid(format!("The provided starting key is invalid: {}", error.message))
        })
    }

    /// A query's filter may not name what the key condition is for.
    fn check_filter(&self, filter: Option<&Condition>) -> Result<(), ApiError> {
        let named = filter
            .into_iter()
            .flat_map(Condition::paths)
            .map(|path| path.root())
            .find(|root| self.schema.contains(root));
        named.map_or(Ok(()), |name| {
            Err(invalid(format!(
                "Filter Expression can only contain non-primary key attributes: \
                 Primary key attribute: {name}"
            )))
        })
    }

    fn page<'a>(
        &'a self,
        found: impl Iterator<Item = (&'a Key, &'a Item)>,
        request: &PageRequest,
    ) -> Page {
        let mut page = Page { items: Vec::new(), scanned: 0, last_evaluated_key: None };
        let mut size = 0;
        for (_, item) in found {
            page.scanned += 1;
            size += item_size(item);
            if request.filter.as_ref().is_none_or(|filter| filter.holds(item)) {
                page.items.push(item.clone());
            }
            // As in AWS, a full page names its last item even when none follows.
            if size >= PAGE_SIZE || request.limit.is_some_and(|limit| page.scanned >= limit) {
                page.last_evaluated_key = Some(self.schema.project(item));
                break;
            }
        }
        page
    }
}

fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::client("ValidationException", message)
}
