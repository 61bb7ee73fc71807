//! The witnesses.

mod aws_clients;
mod command;
mod conformance;
mod go_clients;
mod http_clients;
mod lock_race;
mod program;

use std::error::Error;
use std::io;

pub(crate) use self::command::isolated;
use crate::bench::Bench;
use crate::tally::Tally;

/// All of them, in the order in which they are told of.
pub(crate) fn all() -> impl Iterator<Item = &'static Witness> {
    TOGETHER.iter().chain(ALONE)
}

/// Those that may run while another one does.
pub(crate) const TOGETHER: &[Witness] = &[
    Witness { name: "boto3", run: aws_clients::boto3 },
    Witness { name: "aws-cli", run: aws_clients::aws_cli },
    Witness { name: "conformance-sandbox", run: conformance::of_sandbox },
    Witness { name: "conformance-moto", run: conformance::of_moto },
    Witness { name: "conformance-ministack", run: conformance::of_ministack },
    Witness { name: "conformance-dynalite", run: conformance::of_dynalite },
    Witness { name: "dynamolock-go", run: go_clients::dynamolock },
    Witness { name: "deploy-moto", run: program::on_moto },
    Witness { name: "deploy-moto-ministack", run: program::on_moto_and_ministack },
    Witness { name: "microburst", run: program::through_microburst },
    Witness { name: "http-clients", run: http_clients::run },
    Witness { name: "aws-sdk-go-v1", run: go_clients::sdk_v1 },
    Witness { name: "aws-sdk-go-v2", run: go_clients::sdk_v2 },
];

/// Those for whose clients it matters how quick the machine is: they run one after the other.
pub(crate) const ALONE: &[Witness] = &[
    Witness { name: "lock-race-sandbox", run: lock_race::on_sandbox },
    Witness { name: "lock-race-moto", run: lock_race::on_moto },
    Witness { name: "lock-race-dynalite", run: lock_race::on_dynalite },
];

/// Software that others wrote, and what it is asked to do.
#[derive(Debug)]
pub(crate) struct Witness {
    /// What `-only` calls it.
    pub(crate) name: &'static str,
    /// Lets it judge.
    pub(crate) run: fn(&Bench) -> Result<Tally, Silence>,
}

/// What a witness needs and this machine does not have.
#[derive(Debug, thiserror::Error)]
#[error("needs {0}")]
pub(crate) struct Missing(pub(crate) String);

impl From<io::Error> for Missing {
    fn from(error: io::Error) -> Self {
        Self(format!("a build folder that can be written: {error}"))
    }
}

/// Why a witness says nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Silence {
    /// It can't run here.
    #[error(transparent)]
    Missing(#[from] Missing),
    /// It should have run.
    #[error("it broke off")]
    Broken(#[source] Box<dyn Error>),
}

impl Silence {
    pub(crate) fn broken(error: impl Into<Box<dyn Error>>) -> Self {
        Self::Broken(error.into())
    }
}
