//! Reading an answer that comes in pages.

use std::future::Future;

use ecs_deploy::cloud::{CloudError, ErrorClass};

/// No list that a deploy reads is this long: whoever gives more pages is broken.
pub(crate) const MAX_PAGES: usize = 1000;

/// A page, and what asks for the next one.
pub(crate) struct Page<T, N> {
    /// What it holds.
    pub(crate) items: Vec<T>,
    /// The token for the next page, if there is one.
    pub(crate) next: Option<N>,
}

/// Reads all pages, from the first (`None`) on.
pub(crate) async fn all<T, N, F, R>(
    action: &'static str,
    mut fetch: F,
) -> Result<Vec<T>, CloudError>
where
    F: FnMut(Option<N>) -> R,
    R: Future<Output = Result<Page<T, N>, CloudError>>,
{
    let mut items = Vec::new();
    let mut token = None;
    for _ in 0..MAX_PAGES {
        let page = fetch(token).await?;
        items.extend(page.items);
        match page.next {
            Some(next) => token = Some(next),
            None => return Ok(items),
        }
    }
    Err(endless(action))
}

/// The error for an answer that does not end.
pub(crate) fn endless(action: &'static str) -> CloudError {
    CloudError::new(action, ErrorClass::Unknown, format!("more than {MAX_PAGES} pages"))
}
