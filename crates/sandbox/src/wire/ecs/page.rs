//! Pages of a list.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::invalid;
use crate::model::ApiError;

/// One page of a list of ARNs: at most `max_results` (100 unless told), from after the one that
/// the token names.
pub(super) fn page(
    member: &str,
    arns: Vec<String>,
    max_results: Option<usize>,
    token: Option<String>,
) -> Result<Value, ApiError> {
    let size = max_results.unwrap_or(100);
    if !(1..=100).contains(&size) {
        return Err(invalid("maxResults must be between 1 and 100."));
    }
    let start = token.map_or(Ok(0), |token| after(&arns, &token))?;
    let end = arns.len().min(start + size);
    let mut answer = json!({member: arns[start..end]});
    if end < arns.len() {
        answer["nextToken"] = URL_SAFE_NO_PAD.encode(&arns[end - 1]).into();
    }
    Ok(answer)
}

fn after(arns: &[String], token: &str) -> Result<usize, ApiError> {
    URL_SAFE_NO_PAD
        .decode(token)
        .ok()
        .and_then(|last| arns.iter().position(|arn| arn.as_bytes() == last))
        .map(|position| position + 1)
        .ok_or_else(|| invalid("Invalid token."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_each_other_to_the_end() {
        let arns: Vec<String> = (0..5).map(|n| format!("arn:{n}")).collect();
        let mut seen: Vec<String> = Vec::new();
        let mut token = None;
        loop {
            let page = page("arns", arns.clone(), Some(2), token).unwrap();
            let shown = page["arns"].as_array().unwrap();
            seen.extend(shown.iter().map(|arn| arn.as_str().unwrap().to_owned()));
            token = page["nextToken"].as_str().map(str::to_owned);
            if token.is_none() {
                break;
            }
        }
        assert_eq!(seen, arns);
    }

    #[test]
    fn a_foreign_token_and_a_wrong_size_are_refused() {
        let arns = || vec!["arn:1".to_owned()];
        assert!(page("arns", arns(), None, Some("?".into())).is_err());
        assert!(page("arns", arns(), Some(0), None).is_err());
        assert!(page("arns", arns(), Some(101), None).is_err());
    }
}
