//! The command line.

use crate::witnesses::all;

/// What to run.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Options {
    /// How much of it.
    pub(crate) extent: Extent,
    /// The only witness that runs, where one is named.
    pub(crate) only: Option<&'static str>,
    /// What becomes of a document that tells something else than the run.
    pub(crate) document: Document,
    /// What the lots of a race are drawn from; the clock decides where none is given.
    pub(crate) seed: Option<u64>,
}

/// How thorough a run is.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Everything.
    #[default]
    Whole,
    /// What a change has to pass before it lands.
    Short,
}

/// What becomes of a document that tells something else than the run.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Document {
    /// It is a failure.
    #[default]
    Check,
    /// It is rewritten.
    Write,
}

/// A command line that can't be followed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum UsageError {
    #[error("-only needs the name of a witness: {}", names())]
    NoName,
    #[error("-seed needs a number")]
    NoSeed,
    #[error("there is no witness {0}; there are: {names}", names = names())]
    UnknownWitness(String),
    #[error("unknown argument {0}; there are: -short, -only NAME, -seed NUMBER, -write")]
    UnknownArgument(String),
}

fn names() -> String {
    all().map(|witness| witness.name).collect::<Vec<_>>().join(", ")
}

impl Options {
    /// Reads the arguments; like those of ecs-deploy itself they take one hyphen or two.
    pub(crate) fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self, UsageError> {
        let mut options = Self::default();
        while let Some(argument) = arguments.next() {
            match argument.trim_start_matches('-') {
                "short" => options.extent = Extent::Short,
                "write" => options.document = Document::Write,
                "seed" => options.seed = Some(number(arguments.next())?),
                "only" => options.only = Some(named(arguments.next())?),
                _ => return Err(UsageError::UnknownArgument(argument)),
            }
        }
        Ok(options)
    }
}

fn number(text: Option<String>) -> Result<u64, UsageError> {
    text.and_then(|text| text.parse().ok()).ok_or(UsageError::NoSeed)
}

fn named(name: Option<String>) -> Result<&'static str, UsageError> {
    let name = name.ok_or(UsageError::NoName)?;
    let found = all().find(|witness| witness.name == name);
    found.map(|witness| witness.name).ok_or(UsageError::UnknownWitness(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Options, UsageError> {
        Options::read(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn a_witness_is_chosen_by_its_name() {
        let options = read("-short -only aws-cli").unwrap();
        assert_eq!(options.extent, Extent::Short);
        assert_eq!(options.only, Some("aws-cli"));
    }

    #[test]
    fn a_race_can_be_repeated_by_its_seed() {
        assert_eq!(read("-only lock-race-moto -seed 77").unwrap().seed, Some(77));
        assert_eq!(read("-seed many"), Err(UsageError::NoSeed));
    }

    #[test]
    fn what_is_unknown_is_refused_with_what_there_is() {
        let error = read("-only nobody").unwrap_err().to_string();
        assert!(error.contains("nobody") && error.contains("boto3"), "{error}");
        assert_eq!(read("--fast"), Err(UsageError::UnknownArgument("--fast".into())));
        assert_eq!(read("-only"), Err(UsageError::NoName));
    }
}
