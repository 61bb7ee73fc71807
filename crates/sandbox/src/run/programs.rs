//! Which program stands for which container image.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

/// A program that stands for a container image.
///
/// In arguments and in the values of the environment `{ip}`, `{port}`, `{image}` and `{tag}` stand
/// for the task's own loopback address and port and its image. The program has to listen on exactly
/// that address with `SO_REUSEADDR` set, as servers do: the sandbox keeps the port reserved for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// The program's path, or its name to be found in `PATH`.
    pub program: PathBuf,
    /// Its arguments, with placeholders.
    pub args: Vec<String>,
    /// Its environment, with placeholders; goes before the container's own. Of the sandbox's
    /// environment a task sees `PATH` alone.
    pub env: BTreeMap<String, String>,
}

/// A mapping from container images to programs.
///
/// Looked up by the image's full name first, then by its repository (the name without tag or
/// digest); the default serves the others.
#[derive(Debug, Clone)]
pub struct Programs {
    images: BTreeMap<String, Option<Program>>,
    default: Program,
}

impl Programs {
    /// A mapping in which every image is run by `default`.
    pub fn new(default: Program) -> Self {
        Self { images: BTreeMap::new(), default }
    }

    /// Runs `image` by `program`: a full name such as `shop:9e1d00a`, a repository such as `shop`,
    /// or `*` for whatever nothing else names.
    #[must_use]
    pub fn run(mut self, image: impl Into<String>, program: Program) -> Self {
        match image.into() {
            image if image == "*" => self.default = program,
            image => drop(self.images.insert(image, Some(program))),
        }
        self
    }

    /// Says that `image` (a full name or a repository) does not exist: its tasks fail to start.
    #[must_use]
    pub fn missing(mut self, image: impl Into<String>) -> Self {
        self.images.insert(image.into(), None);
        self
    }

    /// The program that runs `image`; nothing when the image does not exist.
    pub(super) fn find(&self, image: &str) -> Option<&Program> {
        self.images
            .get(image)
            .or_else(|| self.images.get(split(image).0))
            .map_or(Some(&self.default), Option::as_ref)
    }
}

/// The placeholders of one task.
pub(super) struct Placeholders<'a> {
    pub(super) address: SocketAddr,
    pub(super) image: &'a str,
}

impl Placeholders<'_> {
    /// `text` with its placeholders replaced, in one pass: what was put in is not looked at again.
    pub(super) fn fill(&self, text: &str) -> String {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            filled.push_str(&rest[..open]);
            rest = &rest[open..];
            let found = rest.find('}').and_then(|end| Some((end, self.value(&rest[1..end])?)));
            let taken = match found {
                Some((end, value)) => {
                    filled.push_str(&value);
                    end + 1
                }
                None => {
                    filled.push('{');
                    1
                }
            };
            rest = &rest[taken..];
        }
        filled + rest
    }

    fn value(&self, name: &str) -> Option<String> {
        Some(match name {
            "ip" => self.address.ip().to_string(),
            "port" => self.address.port().to_string(),
            "image" => self.image.to_owned(),
            "tag" => split(self.image).1.to_owned(),
            _ => return None,
        })
    }
}

/// An image's repository and its digest or tag (`latest` without one). A colon before the last
/// slash belongs to the registry's port.
fn split(image: &str) -> (&str, &str) {
    if let Some((name, digest)) = image.split_once('@') {
        return (split(name).0, digest);
    }
    let name = image.rfind('/').map_or(0, |slash| slash + 1);
    match image[name..].find(':') {
        Some(colon) => (&image[..name + colon], &image[name + colon + 1..]),
        None => (image, "latest"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(name: &str) -> Program {
        Program { program: name.into(), args: Vec::new(), env: BTreeMap::new() }
    }

    #[test]
    fn the_closest_entry_wins() {
        let programs = Programs::new(program("demo"))
            .run("registry:5000/shop", program("any shop"))
            .run("registry:5000/shop:2", program("shop 2"))
            .missing("registry:5000/shop:3");
        let found = |image| programs.find(image).map(|found| found.program.to_str().unwrap());
        assert_eq!(found("registry:5000/shop:2"), Some("shop 2"));
        assert_eq!(found("registry:5000/shop:1"), Some("any shop"));
        assert_eq!(found("registry:5000/shop:1@sha256:ab"), Some("any shop"));
        assert_eq!(found("registry:5000/shop:3"), None);
        assert_eq!(found("registry:5000/other"), Some("demo"));
    }

    #[test]
    fn a_star_replaces_the_default() {
        let programs = Programs::new(program("demo")).run("*", program("mine"));
        assert_eq!(programs.find("shop:1"), Some(&program("mine")));
    }

    #[test]
    fn placeholders_are_replaced_once_and_others_are_left_alone() {
        let address = "127.0.0.1:4711".parse().unwrap();
        let fill = |image, text| Placeholders { address, image }.fill(text);
        assert_eq!(
            fill("shop:9e1", "-l={ip}:{port} {image} {tag}"),
            "-l=127.0.0.1:4711 shop:9e1 9e1"
        );
        assert_eq!(fill("h:1/shop", "{tag}{"), "latest{");
        assert_eq!(fill("shop@sha256:ab", "{tag}"), "sha256:ab");
        assert_eq!(fill("a:{port}", r#"{"v":"{tag}"}"#), r#"{"v":"{port}"}"#);
    }
}
