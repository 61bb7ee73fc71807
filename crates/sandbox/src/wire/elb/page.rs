//! Answers in pages.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::invalid;
use crate::model::ApiError;
use crate::wire::query::Parsed;

/// AWS's largest page, which is also the page when the client names none.
const LARGEST: usize = 400;

/// The page that begins where `marker` says, and the marker of the next one.
pub(super) fn page<T>(
    items: Vec<T>,
    marker: Option<&str>,
    size: Option<Parsed<usize>>,
) -> Result<(Vec<T>, Option<String>), ApiError> {
    let size = size.map_or(LARGEST, |Parsed(size)| size);
    if !(1..=LARGEST).contains(&size) {
        return Err(invalid(format!("PageSize '{size}' must be from 1 to {LARGEST}")));
    }
    let start = marker.map_or(Ok(0), read)?;
    let end = start + size;
    let next = (end < items.len()).then(|| write(end));
    Ok((items.into_iter().skip(start).take(size).collect(), next))
}

fn write(offset: usize) -> String {
    URL_SAFE_NO_PAD.encode(format!("from {offset}"))
}

fn read(marker: &str) -> Result<usize, ApiError> {
    let bytes = URL_SAFE_NO_PAD.decode(marker).ok();
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    text.and_then(|text| text.strip_prefix("from ")?.parse::<u32>().ok())
        .and_then(|offset| usize::try_from(offset).ok())
        .ok_or_else(|| invalid(format!("Marker '{marker}' is not valid")))
}
