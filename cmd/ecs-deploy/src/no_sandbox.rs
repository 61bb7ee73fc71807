//! In the place of the sandbox, in a build without it.

use std::net::SocketAddr;

use crate::args::{Asked, Serve};
use crate::exit::{self, Exit};

#[derive(Debug, thiserror::Error)]
#[error("this build has no sandbox")]
struct NoSandbox;

const HINT: &str = "build it with the feature `sandbox`, which is on by default";

pub(crate) fn demo(_asked: &Asked) -> Exit {
    exit::refuse(&NoSandbox, HINT)
}

pub(crate) fn serve(_serve: &Serve) -> Exit {
    exit::refuse(&NoSandbox, HINT)
}

pub(crate) fn task(_address: SocketAddr) -> Exit {
    exit::refuse(&NoSandbox, HINT)
}
