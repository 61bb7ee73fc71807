//! The two colors that a service's traffic moves between.

use std::fmt;
use std::ops::{Index, IndexMut};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::InvalidName;

/// One of the two sides of a blue/green deploy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Color {
    /// `blue` in the config and in stored data.
    Blue,
    /// `green` in the config and in stored data.
    Green,
}

impl Color {
    /// Both, in the order in which they are shown.
    pub const ALL: [Self; 2] = [Self::Blue, Self::Green];

    /// The opposite side.
    pub fn other(self) -> Self {
        match self {
            Self::Blue => Self::Green,
            Self::Green => Self::Blue,
        }
    }

    /// The color as config files and stored data spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Blue => "blue",
            Self::Green => "green",
        }
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Color {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|color| color.as_str() == text)
            .ok_or_else(|| InvalidName::new(text, "a color", "expected `blue` or `green`"))
    }
}

/// One value for each color; index it with a [`Color`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct ByColor<T> {
    /// Blue's value.
    pub blue: T,
    /// Green's value.
    pub green: T,
}

impl<T> ByColor<T> {
    /// Makes both values, blue's first.
    pub fn from_fn(mut make: impl FnMut(Color) -> T) -> Self {
        Self { blue: make(Color::Blue), green: make(Color::Green) }
    }

    /// Makes both values, blue's first, or gives the first error.
    pub fn try_from_fn<E>(mut make: impl FnMut(Color) -> Result<T, E>) -> Result<Self, E> {
        Ok(Self { blue: make(Color::Blue)?, green: make(Color::Green)? })
    }

    /// Turns both values into others.
    pub fn map<U>(self, mut change: impl FnMut(T) -> U) -> ByColor<U> {
        ByColor { blue: change(self.blue), green: change(self.green) }
    }

    /// Both values with their colors, blue's first.
    pub fn iter(&self) -> impl Iterator<Item = (Color, &T)> {
        Color::ALL.into_iter().zip([&self.blue, &self.green])
    }

    /// The color whose value `is_it` accepts: blue, if it accepts both.
    pub fn find(&self, is_it: impl Fn(&T) -> bool) -> Option<Color> {
        self.iter().find(|(_, value)| is_it(value)).map(|(color, _)| color)
    }
}

impl<T> Index<Color> for ByColor<T> {
    type Output = T;

    fn index(&self, color: Color) -> &T {
        match color {
            Color::Blue => &self.blue,
            Color::Green => &self.green,
        }
    }
}

impl<T> IndexMut<Color> for ByColor<T> {
    fn index_mut(&mut self, color: Color) -> &mut T {
        match color {
            Color::Blue => &mut self.blue,
            Color::Green => &mut self.green,
        }
    }
}
