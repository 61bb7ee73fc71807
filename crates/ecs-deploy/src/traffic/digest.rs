//! The digest by which a person accepts rules for one deploy.

use git2::{ObjectType, Oid};

use super::Traffic;
use crate::names::RulesDigest;

/// How many hexadecimal digits of the digest a person has to type.
const DIGITS: usize = 12;

impl Traffic {
    /// Names the open rules by all that they ask and do; `None` where there is none. A change of any
    /// gives another digest.
    pub fn digest(&self) -> Option<RulesDigest> {
        let all: Vec<_> = self.open().map(|open| (&open.listener, &open.rule)).collect();
        if all.is_empty() {
            return None;
        }
        let digest = Oid::hash_object(ObjectType::Blob, format!("{all:?}").as_bytes());
        let digest = digest.expect("bytes in memory have a digest").to_string();
        Some(digest[..DIGITS].parse().expect("git's digests are hexadecimal"))
    }
}
