use std::fs;
use std::process::Command;

use tempfile::TempDir;

use super::*;

/// A repository with one committed config file, made by the git program itself.
struct Repo {
    folder: TempDir,
}

impl Repo {
    fn empty() -> Self {
        let repo = Self { folder: TempDir::new().unwrap() };
        repo.git(&["init", "--quiet"]);
        repo
    }

    fn with_config(path: &str) -> Self {
        let repo = Self::empty();
        repo.write(path, "{}");
        repo.commit();
        repo
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", "change"]);
    }

    fn git(&self, arguments: &[&str]) -> String {
        git_in(self.folder.path(), arguments)
    }

    fn sha(&self, path: &str) -> Result<String, ShaError> {
        config_sha(&self.path(path)).map(|sha| sha.to_string())
    }

    fn state(&self, path: &str) -> FileState {
        match self.sha(path) {
            Err(ShaError::NotCommitted { state, .. }) => state,
            other => panic!("not refused for its state: {other:?}"),
        }
    }
}

fn git_in(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"])
        .args(arguments)
        .current_dir(folder)
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .env_remove("GIT_INDEX_FILE")
        .output()
        .expect("git can be started");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

const SHORT: [&str; 3] = ["rev-parse", "--short=8", "HEAD"];

#[test]
fn a_committed_config_has_the_sha_that_git_says() {
    for path in ["config.json", "deep/in/folders/config.json"] {
        let repo = Repo::with_config(path);
        assert_eq!(repo.sha(path).unwrap(), repo.git(&SHORT));
        repo.write("other.json", "changed elsewhere");
        assert_eq!(repo.sha(path).unwrap(), repo.git(&SHORT));
    }
}

#[test]
fn a_detached_head_and_a_work_tree_have_their_own_sha() {
    let repo = Repo::with_config("config.json");
    let first = repo.git(&SHORT);
    repo.write("more", "");
    repo.commit();
    let trees = TempDir::new().unwrap();
    let tree = trees.path().join("tree");
    repo.git(&["worktree", "add", "--quiet", "--detach", tree.to_str().unwrap(), "HEAD~1"]);
    assert_eq!(config_sha(&tree.join("config.json")).unwrap().as_str(), first);
    assert_ne!(repo.sha("config.json").unwrap(), first);
}

#[cfg(unix)]
#[test]
fn a_link_stands_for_the_file_it_leads_to() {
    let repo = Repo::with_config("config.json");
    let outside = TempDir::new().unwrap();
    let link = outside.path().join("link.json");
    std::os::unix::fs::symlink(repo.path("config.json"), &link).unwrap();
    assert_eq!(config_sha(&link).unwrap().as_str(), repo.git(&SHORT));
    repo.write("config.json", "changed");
    assert!(config_sha(&link).is_err());
}

#[test]
fn a_config_that_is_not_as_committed_is_refused() {
    let repo = Repo::with_config("config.json");
    repo.write("config.json", "{ }");
    assert_eq!(repo.state("config.json"), FileState::Modified);
    repo.git(&["add", "config.json"]);
    assert_eq!(repo.state("config.json"), FileState::Staged);
    repo.write("new.json", "{}");
    assert_eq!(repo.state("new.json"), FileState::Untracked);
    repo.git(&["add", "new.json"]);
    assert_eq!(repo.state("new.json"), FileState::Staged);
    repo.write(".gitignore", "local*.json\n");
    repo.write("local1.json", "{}");
    assert_eq!(repo.state("local1.json"), FileState::Ignored);
    repo.git(&["rm", "--quiet", "--cached", "--force", "config.json"]);
    assert!(repo.sha("config.json").is_err());
}

#[test]
fn a_folder_without_a_repository_or_commit_says_so() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("config.json");
    assert!(matches!(config_sha(&file), Err(ShaError::NotFound { .. })));
    fs::write(&file, "{}").unwrap();
    let error = config_sha(&file).unwrap_err();
    assert!(matches!(error, ShaError::NoRepository { .. }), "{error}");
    assert!(error.to_string().ends_with("is in no git repository; give `-config-sha`"));
    let repo = Repo::empty();
    repo.write("config.json", "{}");
    assert!(matches!(repo.sha("config.json"), Err(ShaError::NoCommit { .. })));
}

#[test]
fn a_sha_grows_where_eight_digits_are_ambiguous() {
    let repo = Repo::with_config("config.json");
    let head = repo.git(&["rev-parse", "HEAD"]);
    // Git tells objects apart by their file names, so an empty file makes the prefix ambiguous.
    let (folder, rest) = head.split_at(2);
    let digits: String = rest.chars().rev().collect();
    let twin = format!("{}{}", &rest[..7], &digits[7..]);
    assert_ne!(twin, rest);
    repo.write(&format!(".git/objects/{folder}/{twin}"), "");
    let sha = repo.sha("config.json").unwrap();
    assert!(sha.len() > 8 && head.starts_with(&sha), "{sha} of {head}");
    assert_eq!(sha, repo.git(&SHORT));
}

#[cfg(unix)]
#[test]
fn a_repository_of_another_owner_is_explained() {
    let repo = Repo::with_config("deep/config.json");
    let root = repo.folder.path().canonicalize().unwrap();
    let error = match std::os::unix::fs::chown(&root, Some(4321), None) {
        Ok(()) => config_sha(&root.join("deep/config.json")).unwrap_err(),
        // Only root can give a folder away; others see what libgit2 would answer put into words.
        Err(_) => {
            let owner = git2::Error::new(ErrorCode::Owner, git2::ErrorClass::Config, "not owned");
            no_repository(owner, &root.join("deep/config.json"), &root.join("deep"))
        }
    };
    assert!(matches!(&error, ShaError::ForeignOwner { root: found, .. } if *found == root));
    let way_out = format!("git config --global --add safe.directory {}", root.display());
    assert!(error.to_string().contains(&way_out), "{error}");
}
