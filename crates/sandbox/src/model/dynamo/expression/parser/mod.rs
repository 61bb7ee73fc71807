//! Tokens to expressions: what all grammars share.

mod conditions;
mod projections;
mod updates;

use super::lexer::{Spanned, Token, tokens};
use super::path::{Path, Step};
use super::placeholders::Placeholders;
use super::reserved::is_reserved;
use crate::model::dynamo::AttributeValue;

/// The most bytes that an expression may have.
const MAX_SIZE: usize = 4096;
/// How deep parentheses, NOTs and functions may nest: a guard of this parser's own, for its stack.
const MAX_DEPTH: usize = 100;

/// Reads one expression. An error is what AWS says after `Invalid ConditionExpression: ` and such.
pub(super) struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Spanned>,
    at: usize,
    depth: usize,
    /// The tokens of the last group in parentheses, to find redundant ones.
    last_group: std::ops::Range<usize>,
    placeholders: &'a mut Placeholders,
}

impl<'a> Parser<'a> {
    pub(super) fn new(text: &'a str, placeholders: &'a mut Placeholders) -> Result<Self, String> {
        if text.trim().is_empty() {
            return Err("The expression can not be empty;".to_owned());
        }
        if text.len() > MAX_SIZE {
            return Err(format!(
                "Expression size has exceeded the maximum allowed size; expression size: {}",
                text.len()
            ));
        }
        Ok(Self { text, tokens: tokens(text), at: 0, depth: 0, last_group: 0..0, placeholders })
    }

    fn peek(&self) -> &Token {
        self.peek_at(0)
    }

    /// A token further on; the last one is the end, however far one looks.
    fn peek_at(&self, ahead: usize) -> &Token {
        &self.tokens[(self.at + ahead).min(self.tokens.len() - 1)].token
    }

    fn advance(&mut self) {
        self.at = (self.at + 1).min(self.tokens.len() - 1);
    }

    /// Takes a symbol if it comes next.
    fn accept(&mut self, symbol: &str) -> bool {
        let found = matches!(self.peek(), Token::Symbol(next) if *next == symbol);
        if found {
            self.advance();
        }
        found
    }

    fn expect(&mut self, symbol: &str) -> Result<(), String> {
        if self.accept(symbol) { Ok(()) } else { Err(self.syntax_error()) }
    }

    /// Takes a keyword, in any case, if it comes next.
    fn accept_keyword(&mut self, keyword: &str) -> bool {
        let found = matches!(self.peek(), Token::Word(word) if word.eq_ignore_ascii_case(keyword));
        if found {
            self.advance();
        }
        found
    }

    fn expect_end(&self) -> Result<(), String> {
        if *self.peek() == Token::End { Ok(()) } else { Err(self.syntax_error()) }
    }

    /// Reads what may hold more of itself.
    fn nested<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, String>,
    ) -> Result<T, String> {
        if self.depth == MAX_DEPTH {
            return Err("The expression is nested too deeply;".to_owned());
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    /// One or more of something, with commas between.
    fn list<T>(
        &mut self,
        mut read: impl FnMut(&mut Self) -> Result<T, String>,
    ) -> Result<Vec<T>, String> {
        let mut list = vec![read(self)?];
        while self.accept(",") {
            list.push(read(self)?);
        }
        Ok(list)
    }

    /// The name of a function, if a call comes next.
    fn peek_call(&self) -> Option<String> {
        match (self.peek(), self.peek_at(1)) {
            (Token::Word(name), Token::Symbol("(")) => Some(name.clone()),
            _ => None,
        }
    }

    /// A value placeholder, resolved.
    fn value(&mut self) -> Result<AttributeValue, String> {
        let Token::Value(placeholder) = self.peek().clone() else {
            return Err(self.syntax_error());
        };
        self.advance();
        self.placeholders.value(&placeholder)
    }

    /// A document path, its placeholders resolved.
    fn path(&mut self) -> Result<Path, String> {
        let root = self.path_name()?;
        let mut steps = Vec::new();
        loop {
            if self.accept(".") {
                steps.push(Step::Name(self.path_name()?));
            } else if self.accept("[") {
                steps.push(self.index()?);
                self.expect("]")?;
            } else {
                return Ok(Path { root, steps });
            }
        }
    }

    fn path_name(&mut self) -> Result<String, String> {
        match self.peek().clone() {
            Token::Name(placeholder) => {
                self.advance();
                self.placeholders.name(&placeholder)
            }
            Token::Word(name) if is_reserved(&name) => {
                Err(format!("Attribute name is a reserved keyword; reserved keyword: {name}"))
            }
            Token::Word(name) => {
                self.advance();
                Ok(name)
            }
            _ => Err(self.syntax_error()),
        }
    }

    fn index(&mut self) -> Result<Step, String> {
        let Token::Index(digits) = self.peek() else { return Err(self.syntax_error()) };
        let index = digits.parse().map_err(|_| {
            format!("List index is not within the allowable range; index: [{digits}]")
        })?;
        self.advance();
        Ok(Step::Index(index))
    }

    /// Says that the next token cannot stand where it does, with its neighbours.
    fn syntax_error(&self) -> String {
        let span = &self.tokens[self.at].span;
        let token = if span.is_empty() { "<EOF>" } else { &self.text[span.clone()] };
        let from = self.tokens[self.at.saturating_sub(1)].span.start;
        let to = self.tokens[(self.at + 1).min(self.tokens.len() - 1)].span.end;
        format!("Syntax error; token: \"{token}\", near: \"{}\"", self.text[from..to].trim_end())
    }
}

/// The number of operands of a function, checked.
fn exactly<const N: usize, T>(name: &str, operands: Vec<T>) -> Result<[T; N], String> {
    let count = operands.len();
    operands.try_into().map_err(|_| {
        format!(
            "Incorrect number of operands for operator or function; operator or function: {name}, \
             number of operands: {count}"
        )
    })
}
