//! One way to get it wrong.

use crate::support::{ACCOUNT, Call, Fate, SECOND};

/// What is run, and how it has to end.
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) arguments: Vec<String>,
    pub(super) code: i32,
    pub(super) variables: Vec<(&'static str, String)>,
    pub(super) unset: Vec<&'static str>,
    pub(super) stdout: Stdout,
    pub(super) meddle: Box<dyn Fn(&Call) -> Fate + Send + Sync>,
    /// The variables that the file shows.
    shown: Vec<String>,
}

/// Where standard output goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stdout {
    /// Into the file of the case.
    Read,
    /// Into a device that has no room.
    Full,
    /// Into a pipe whose reader is gone.
    NoReader,
    /// Nowhere: it is closed.
    Closed,
}

impl Stdout {
    /// As a shell says it.
    fn shown(self) -> Option<&'static str> {
        match self {
            Self::Read => None,
            Self::Full => Some(">/dev/full"),
            Self::NoReader => Some("| true"),
            Self::Closed => Some(">&-"),
        }
    }
}

impl Case {
    /// The program with these arguments, and this exit code.
    pub(super) fn new(name: &'static str, line: &str, code: i32) -> Self {
        let key = [("AWS_ACCESS_KEY_ID", ACCOUNT.to_owned())];
        let secret = [("AWS_SECRET_ACCESS_KEY", "none".to_owned())];
        let fixed = [("AWS_EC2_METADATA_DISABLED", "true".to_owned())];
        Self {
            name,
            arguments: line.split_whitespace().map(str::to_owned).collect(),
            code,
            variables: [key, secret, fixed].concat(),
            unset: Vec::new(),
            stdout: Stdout::Read,
            meddle: Box::new(|_| Fate::Passes),
            shown: Vec::new(),
        }
    }

    /// A deploy of the app `shop` to `dev` by a config file.
    pub(super) fn deploy(name: &'static str, config: &str, code: i32) -> Self {
        let line =
            format!("-config {config} -app shop -env dev -sha {SECOND} -config-sha 1a2b3c4d");
        Self::new(name, &line, code)
    }

    /// The plan of that.
    pub(super) fn plan(name: &'static str, config: &str, code: i32) -> Self {
        let mut case = Self::deploy(name, config, code);
        case.arguments.insert(0, "plan".to_owned());
        case
    }

    /// A verb that looks at the app `shop` in `dev`.
    pub(super) fn look(name: &'static str, verb: &str, config: &str, code: i32) -> Self {
        Self::new(name, &format!("{verb} -config {config} -app shop -env dev"), code)
    }

    /// With one flag more.
    pub(super) fn with(mut self, flag: &str) -> Self {
        self.arguments.extend(flag.split_whitespace().map(str::to_owned));
        self
    }

    /// With a variable set.
    pub(super) fn set(mut self, name: &'static str, value: &str) -> Self {
        self.shown.push(format!("{name}={value}"));
        self.variables.push((name, value.to_owned()));
        self
    }

    /// With a variable unset.
    pub(super) fn unset(mut self, name: &'static str) -> Self {
        self.shown.push(format!("-u {name}"));
        self.unset.push(name);
        self
    }

    /// With standard output connected to something else.
    pub(super) fn into(mut self, stdout: Stdout) -> Self {
        self.stdout = stdout;
        self
    }

    /// With calls that come to another end.
    pub(super) fn meddled(
        mut self,
        meddle: impl Fn(&Call) -> Fate + Send + Sync + 'static,
    ) -> Self {
        self.meddle = Box::new(meddle);
        self
    }

    /// With one action that IAM does not allow.
    pub(super) fn denied(self, action: &'static str) -> Self {
        self.meddled(move |call| match call.action == action {
            true => call.refused(
                "AccessDenied",
                &format!(
                    "User: arn:aws:iam::{ACCOUNT}:user/deployer is not authorized to perform: \
                     {action} because no identity-based policy allows the {action} action"
                ),
            ),
            false => Fate::Passes,
        })
    }

    /// The command line as the file shows it.
    pub(super) fn shown(&self) -> String {
        let mut words = vec!["$".to_owned()];
        if self.shown.iter().any(|word| word.starts_with("-u ")) {
            words.push("env".to_owned());
        }
        words.extend(self.shown.iter().cloned());
        words.push("ecs-deploy".to_owned());
        words.extend(self.arguments.iter().cloned());
        words.extend(self.stdout.shown().map(str::to_owned));
        words.join(" ")
    }
}
