use super::super::lexer::Token;
use super::super::path::Path;
use super::super::update::{Source, Update, Value};
use super::{Parser, exactly};
use crate::model::dynamo::AttributeValue;

impl Parser<'_> {
    /// `SET … REMOVE … ADD … DELETE …`, in any order, each at most once.
    pub(in super::super) fn update(mut self) -> Result<Update, String> {
        let mut update = Update::default();
        let mut seen = Vec::new();
        while *self.peek() != Token::End {
            let section = self.section_name()?;
            if seen.contains(&section) {
                return Err(format!(
                    "The \"{section}\" section can only be used once in an update expression;"
                ));
            }
            self.section(section, &mut update)?;
            seen.push(section);
        }
        update.check_paths()?;
        Ok(update)
    }

    fn section_name(&mut self) -> Result<&'static str, String> {
        ["SET", "REMOVE", "ADD", "DELETE"]
            .into_iter()
            .find(|section| self.accept_keyword(section))
            .ok_or_else(|| self.syntax_error())
    }

    fn section(&mut self, section: &'static str, update: &mut Update) -> Result<(), String> {
        match section {
            "SET" => update.set = self.list(Self::assignment)?,
            "REMOVE" => update.remove = self.list(Self::path)?,
            "ADD" => update.add = self.list(|parser| parser.operation("ADD"))?,
            _ => update.delete = self.list(|parser| parser.operation("DELETE"))?,
        }
        Ok(())
    }

    /// `path = value`, `path = value + value`, `path = value - value`
    fn assignment(&mut self) -> Result<(Path, Value), String> {
        let path = self.path()?;
        self.expect("=")?;
        let first = self.source()?;
        let value = if self.accept("+") {
            Value::Sum(summand("+", first)?, summand("+", self.source()?)?)
        } else if self.accept("-") {
            Value::Difference(summand("-", first)?, summand("-", self.source()?)?)
        } else {
            Value::Plain(first)
        };
        Ok((path, value))
    }

    fn source(&mut self) -> Result<Source, String> {
        if let Some(name) = self.peek_call() {
            return self.function(&name);
        }
        if self.accept("(") {
            let inner = self.nested(Self::source)?;
            self.expect(")")?;
            return Ok(inner);
        }
        match self.peek() {
            Token::Value(_) => self.value().map(Source::Value),
            _ => self.path().map(Source::Path),
        }
    }

    fn function(&mut self, name: &str) -> Result<Source, String> {
        self.advance();
        self.expect("(")?;
        let operands = self.nested(|parser| parser.list(Self::source))?;
        self.expect(")")?;
        match name {
            "if_not_exists" => match exactly(name, operands)? {
                [Source::Path(path), other] => Ok(Source::IfNotExists(path, Box::new(other))),
                _ => Err(format!(
                    "Operator or function requires a document path; operator or function: {name}"
                )),
            },
            "list_append" => {
                let [first, second] = exactly(name, operands)?;
                for operand in [&first, &second] {
                    check_type(name, operand, |value| matches!(value, AttributeValue::L(_)))?;
                }
                Ok(Source::ListAppend(Box::new(first), Box::new(second)))
            }
            _ => Err(format!("Invalid function name; function: {name}")),
        }
    }

    /// `path :value`, as in ADD and DELETE.
    fn operation(&mut self, section: &str) -> Result<(Path, AttributeValue), String> {
        let path = self.path()?;
        let value = self.value()?;
        let fits = match &value {
            AttributeValue::Ss(_) | AttributeValue::Ns(_) | AttributeValue::Bs(_) => true,
            AttributeValue::N(_) => section == "ADD",
            _ => false,
        };
        if !fits {
            return Err(format!(
                "Incorrect operand type for operator or function; operator: {section}, \
                 operand type: {}",
                value.long_type_name()
            ));
        }
        Ok((path, value))
    }
}

fn summand(operator: &str, source: Source) -> Result<Source, String> {
    check_type(operator, &source, |value| matches!(value, AttributeValue::N(_)))?;
    Ok(source)
}

fn check_type(
    function: &str,
    source: &Source,
    fits: impl FnOnce(&AttributeValue) -> bool,
) -> Result<(), String> {
    match source {
        Source::Value(value) if !fits(value) => Err(format!(
            "Incorrect operand type for operator or function; operator or function: {function}, \
             operand type: {}",
            value.type_name()
        )),
        _ => Ok(()),
    }
}
