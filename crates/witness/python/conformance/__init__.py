"""One suite for every local AWS: what a deploy depends on, as AWS documents it."""
