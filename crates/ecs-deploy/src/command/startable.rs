//! Whether the system would start a program, found out without starting it.

use std::ffi::OsStr;
use std::fs::{File, Metadata};
use std::io::{self, Read as _};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use nix::unistd::{AccessFlags, access};

use super::{Command, CommandError};

/// Where C libraries look names up where there is no `PATH`.
const USUAL_PATH: &str = "/usr/local/bin:/bin:/usr/bin";

/// How much of a file the system reads to find its interpreter.
const FIRST_LINE: u64 = 256;

/// How many bytes an argument may have with its end, which is a page limit of Linux.
const LONGEST_ARGUMENT: usize = 128 << 10;

/// What Linux takes of arguments and environment together whatever the stack's limit is, least and
/// most.
const ALL_ARGUMENTS: std::ops::RangeInclusive<u64> = 128 << 10..=6 << 20;

/// What each argument and each variable takes besides its text: the end of it and a pointer to it.
const OVERHEAD: usize = 1 + size_of::<*const u8>();

/// Finds what is certain to keep a command from starting.
pub(super) fn check(command: &Command) -> Result<(), CommandError> {
    check_texts(command)?;
    if command.program.contains('/') {
        return check_file(Path::new(&command.program));
    }
    let path = std::env::var_os("PATH").unwrap_or_else(|| USUAL_PATH.into());
    check_name(&command.program, &path)
}

fn check_texts(command: &Command) -> Result<(), CommandError> {
    let texts = || std::iter::once(&command.program).chain(&command.arguments);
    if texts().any(|text| text.contains('\0')) {
        return Err(CommandError::Nul);
    }
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    if let Some(longest) = texts().map(String::len).find(|length| *length >= LONGEST_ARGUMENT) {
        return Err(CommandError::LongArgument { length: longest, most: LONGEST_ARGUMENT - 1 });
    }
    let arguments: usize = texts().map(|text| text.len() + OVERHEAD).sum();
    // A variable has a `=` between name and value.
    let variables =
        std::env::vars_os().map(|(name, value)| name.len() + value.len() + 1 + OVERHEAD);
    let (length, most) = (arguments + variables.sum::<usize>(), most_of_all());
    if length > most { Err(CommandError::LongArguments { length, most }) } else { Ok(()) }
}

/// What the system takes of arguments and environment: a quarter of the stack, within bounds.
fn most_of_all() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let stack = limits.lines().find_map(|line| line.strip_prefix("Max stack size"));
    let soft = stack.and_then(|limits| limits.split_whitespace().next()?.parse::<u64>().ok());
    let quarter = soft.map_or(*ALL_ARGUMENTS.end(), |stack| stack / 4);
    let most = quarter.clamp(*ALL_ARGUMENTS.start(), *ALL_ARGUMENTS.end());
    usize::try_from(most).unwrap_or(usize::MAX)
}

/// Looks a name up as a start does, which goes on where a file can't be started.
fn check_name(name: &str, path: &OsStr) -> Result<(), CommandError> {
    let mut why = CommandError::NotFound;
    for folder in std::env::split_paths(path) {
        // An empty entry is the current folder.
        match check_file(&folder.join(name)) {
            Ok(()) => return Ok(()),
            Err(CommandError::NotExecutable) => why = CommandError::NotExecutable,
            Err(_) => {}
        }
    }
    Err(why)
}

fn check_file(file: &Path) -> Result<(), CommandError> {
    let metadata = std::fs::metadata(file).map_err(|error| match error.kind() {
        io::ErrorKind::PermissionDenied => CommandError::NotExecutable,
        _ => CommandError::NotFound,
    })?;
    if !is_executable(file, &metadata) {
        return Err(CommandError::NotExecutable);
    }
    let Some(interpreter) = interpreter(file) else {
        return Ok(());
    };
    match std::fs::metadata(&interpreter) {
        Ok(metadata) if is_executable(&interpreter, &metadata) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(CommandError::NoInterpreter),
        _ => Err(CommandError::NotExecutable),
    }
}

fn is_executable(file: &Path, metadata: &Metadata) -> bool {
    metadata.is_file() && access(file, AccessFlags::X_OK).is_ok()
}

/// The interpreter that a script's first line names; none where there is no such line, or it can't be
/// read.
fn interpreter(file: &Path) -> Option<PathBuf> {
    let mut beginning = Vec::new();
    File::open(file).ok()?.take(FIRST_LINE).read_to_end(&mut beginning).ok()?;
    let line = beginning.strip_prefix(b"#!")?;
    // A line that goes on is cut by some systems and refused by others.
    let line = &line[..line.iter().position(|byte| *byte == b'\n')?];
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let line = &line[line.iter().position(|byte| !is_blank(byte))?..];
    let end = line.iter().position(is_blank).unwrap_or(line.len());
    Some(PathBuf::from(OsStr::from_bytes(&line[..end])))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    /// A folder with a file that may be executed, or not.
    fn folder(name: &str, mode: u32) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(name);
        std::fs::write(&file, "#!/bin/sh\n").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
        folder
    }

    #[test]
    fn a_name_is_looked_up_in_each_folder_until_a_program_is_found() {
        let (text, program) = (folder("tool", 0o644), folder("tool", 0o755));
        let path = |folders: &[&Path]| std::env::join_paths(folders).unwrap();
        let nowhere = Path::new("/nowhere");
        check_name("tool", &path(&[nowhere, text.path(), program.path()])).unwrap();
        let found = check_name("tool", &path(&[text.path(), nowhere]));
        assert!(matches!(found, Err(CommandError::NotExecutable)), "{found:?}");
        let found = check_name("tool", &path(&[nowhere]));
        assert!(matches!(found, Err(CommandError::NotFound)), "{found:?}");
        // The current folder has a `Cargo.toml`, which is no program.
        let found = check_name("Cargo.toml", OsStr::new(""));
        assert!(matches!(found, Err(CommandError::NotExecutable)), "{found:?}");
    }

    #[test]
    fn an_interpreter_is_the_first_word_of_a_first_line_that_ends() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let long = format!("#!/{}", "x".repeat(300));
        for (text, expected) in [
            ("#!/bin/sh\n", Some("/bin/sh")),
            ("#! \t/usr/bin/env  bash -e\n", Some("/usr/bin/env")),
            ("#!/bin/sh", None),
            ("#!\n", None),
            ("#!  \n", None),
            ("# /bin/sh\n", None),
            ("", None),
            (&long, None),
        ] {
            std::fs::write(file.path(), text).unwrap();
            assert_eq!(interpreter(file.path()), expected.map(PathBuf::from), "{text:?}");
        }
    }
}
