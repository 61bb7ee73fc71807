use super::Parser;
use crate::model::dynamo::expression::Projection;

impl Parser<'_> {
    /// `path, path …`
    pub(in super::super) fn projection(mut self) -> Result<Projection, String> {
        let paths = self.list(Self::path)?;
        self.expect_end()?;
        Projection::new(paths)
    }
}
