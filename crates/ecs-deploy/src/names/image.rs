use super::text::text_name;

text_name!(
    /// An image as a container definition names it, such as `123456789012.dkr.ecr.….com/shop:7`.
    ImageRef,
    "an image",
    "expected a reference without blanks, like `registry.example.com/shop:7`",
    |text| !text.is_empty() && !text.chars().any(|c| c.is_whitespace() || c.is_control())
);
