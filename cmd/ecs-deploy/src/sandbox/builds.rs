//! The builds that every project of the sandbox has.

use std::collections::BTreeMap;

use ecs_deploy::config::{Target, TemplateValues};
use ecs_deploy::names::BuildNumber;
use ecs_deploy::plan::Wanted;
use ecs_deploy_sandbox::run::{Program, Programs};

use crate::args::DEMO_TASK;

/// A build.
#[derive(Debug, Clone, Copy)]
pub(super) struct Build {
    number: u64,
    /// Its commit.
    pub(super) sha: &'static str,
    kind: Kind,
}

/// How a build behaves.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Good,
    NeverHealthy,
    /// Never becomes healthy, and ends so long after its start, with an exit code.
    Ends(&'static str),
    /// There is no such image.
    Missing,
}

/// What serves at the start.
pub(super) const FIRST: Build = build(1, "9e1d00a", Kind::Good);

/// What is deployed where nothing else is asked for.
pub(super) const SECOND: Build = build(2, "2b7f1c9", Kind::Good);

/// A version to see being refused.
pub(super) const BAD: Build = build(4, "0ddba11", Kind::NeverHealthy);

/// All of them.
pub(super) const ALL: [Build; 7] = [
    FIRST,
    SECOND,
    build(3, "5ca1ab1", Kind::Good),
    BAD,
    build(5, "deadbea", Kind::Ends("1s:3")),
    build(6, "0ff0ff0", Kind::Ends("50ms:0")),
    build(7, "badf00d", Kind::Missing),
];

const fn build(number: u64, sha: &'static str, kind: Kind) -> Build {
    Build { number, sha, kind }
}

impl Build {
    /// What it is deployed as: of an app without ArtifactDB, the image that `-image` names.
    pub(super) fn value(&self, target: &Target) -> String {
        match &target.artifact_project {
            Some(project) => format!("{project}:{}", self.sha),
            None => format!("{}:{}", target.family, self.sha),
        }
    }

    /// How it is asked for.
    pub(super) fn wanted(&self, target: &Target) -> Wanted {
        match target.artifact_project {
            Some(_) => Wanted::Sha(self.sha.to_owned()),
            None => {
                let image = self.value(target).parse();
                Wanted::Image(image.expect("a service's name and a SHA have no blanks"))
            }
        }
    }

    /// Its number.
    pub(super) fn number(&self) -> BuildNumber {
        BuildNumber(self.number)
    }

    /// Its tags, as builds of the real ArtifactDB bear them.
    pub(super) fn tags(&self) -> BTreeMap<String, String> {
        let automated = matches!(self.kind, Kind::Good);
        BTreeMap::from([
            ("SHA".to_owned(), self.sha.to_owned()),
            ("ForAutomatedDeploy".to_owned(), automated.to_string()),
        ])
    }

    /// What templates say of it.
    pub(super) fn values(&self, target: &Target) -> TemplateValues {
        let value = self.value(target);
        match target.artifact_project {
            Some(_) => TemplateValues { value, build_number: self.number(), tags: self.tags() },
            None => TemplateValues { value, ..TemplateValues::default() },
        }
    }

    /// Adds what runs its image.
    pub(super) fn add_to(&self, programs: Programs, image: &str) -> Programs {
        let variables: &[(&str, &str)] = match self.kind {
            Kind::Missing => return programs.missing(image),
            Kind::Good => &[],
            Kind::NeverHealthy => &[("DEMO_HEALTH", "never")],
            Kind::Ends(when) => &[("DEMO_HEALTH", "never"), ("DEMO_EXIT_AFTER", when)],
        };
        let mut program = demo_program(self.sha);
        let variables = variables.iter().map(|(name, value)| (name.to_string(), value.to_string()));
        program.env.extend(variables);
        programs.run(image, program)
    }
}

/// The demo program inside this binary, showing a version.
pub(super) fn demo_program(version: &str) -> Program {
    Program {
        // Without a path of its own it is looked up in PATH, where it is once installed.
        program: std::env::current_exe().unwrap_or_else(|_| "ecs-deploy".into()),
        args: vec![DEMO_TASK.to_owned(), "{ip}:{port}".to_owned()],
        env: BTreeMap::from([("DEMO_VERSION".to_owned(), version.to_owned())]),
    }
}
