use super::super::condition::{Comparator, Condition, Operand};
use super::super::lexer::Token;
use super::super::path::Path;
use super::{Parser, exactly};
use crate::model::dynamo::AttributeValue;

const TYPE_NAMES: [&str; 10] = ["B", "NULL", "SS", "BOOL", "L", "BS", "N", "NS", "S", "M"];

impl Parser<'_> {
    /// A whole condition.
    pub(in super::super) fn condition(mut self) -> Result<Condition, String> {
        let condition = self.any()?;
        self.expect_end()?;
        Ok(condition)
    }

    /// `all OR all …`
    fn any(&mut self) -> Result<Condition, String> {
        let mut any = vec![self.all()?];
        while self.accept_keyword("OR") {
            any.push(self.all()?);
        }
        Ok(if any.len() == 1 { any.remove(0) } else { Condition::Any(any) })
    }

    /// `negation AND negation …`
    fn all(&mut self) -> Result<Condition, String> {
        let mut all = vec![self.negation()?];
        while self.accept_keyword("AND") {
            all.push(self.negation()?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Condition::All(all) })
    }

    fn negation(&mut self) -> Result<Condition, String> {
        if self.accept_keyword("NOT") {
            let inner = self.nested(Self::negation)?;
            return Ok(Condition::Not(Box::new(inner)));
        }
        if *self.peek() == Token::Symbol("(") { self.group() } else { self.predicate() }
    }

    fn group(&mut self) -> Result<Condition, String> {
        let start = self.at;
        self.expect("(")?;
        let inner = self.nested(Self::any)?;
        if self.last_group == (start + 1..self.at) {
            return Err("The expression has redundant parentheses;".to_owned());
        }
        self.expect(")")?;
        self.last_group = start..self.at;
        Ok(inner)
    }

    fn predicate(&mut self) -> Result<Condition, String> {
        if let Some(name) = self.peek_call().filter(|name| name != "size") {
            let operands = self.call()?;
            let condition = function(&name, operands)?;
            return match self.peek() {
                Token::Symbol("=" | "<>" | "<" | "<=" | ">" | ">=") => Err(misused(&name)),
                _ => Ok(condition),
            };
        }
        let first = self.operand()?;
        if self.accept_keyword("BETWEEN") {
            return self.between(first);
        }
        if self.accept_keyword("IN") {
            self.expect("(")?;
            let among = self.list(Self::operand)?;
            self.expect(")")?;
            return Ok(Condition::In(first, among));
        }
        self.comparison(first)
    }

    fn comparison(&mut self, first: Operand) -> Result<Condition, String> {
        let Token::Symbol(symbol) = *self.peek() else {
            return Err(self.no_comparison(&first));
        };
        let Some(comparator) = Comparator::new(symbol) else {
            return Err(self.no_comparison(&first));
        };
        self.advance();
        let second = self.operand()?;
        if let (Operand::Path(a), Operand::Path(b)) = (&first, &second)
            && a == b
        {
            return Err(format!(
                "The first operand must be distinct from the remaining operands for this operator \
                 or function; operator: {symbol}, first operand: {a}"
            ));
        }
        if comparator.orders() {
            for operand in [&first, &second] {
                check_ordered(symbol, operand)?;
            }
        }
        Ok(Condition::Compare(first, comparator, second))
    }

    /// An operand where a condition should be.
    fn no_comparison(&self, operand: &Operand) -> String {
        match operand {
            Operand::Size(_) => misused("size"),
            _ => self.syntax_error(),
        }
    }

    fn between(&mut self, value: Operand) -> Result<Condition, String> {
        let low = self.operand()?;
        if !self.accept_keyword("AND") {
            return Err(self.syntax_error());
        }
        let high = self.operand()?;
        for operand in [&value, &low, &high] {
            check_ordered("BETWEEN", operand)?;
        }
        if let (Operand::Value(low), Operand::Value(high)) = (&low, &high) {
            check_bounds(low, high)?;
        }
        Ok(Condition::Between(value, low, high))
    }

    /// The operands of a call.
    fn call(&mut self) -> Result<Vec<Operand>, String> {
        self.advance();
        self.expect("(")?;
        let operands = self.nested(|parser| parser.list(Self::operand))?;
        self.expect(")")?;
        Ok(operands)
    }

    fn operand(&mut self) -> Result<Operand, String> {
        match self.peek_call() {
            Some(name) if name == "size" => {
                let [operand] = exactly("size", self.call()?)?;
                path_only("size", operand).map(Operand::Size)
            }
            Some(name) => {
                self.call().and_then(|operands| function(&name, operands))?;
                Err(misused(&name))
            }
            None if matches!(self.peek(), Token::Value(_)) => self.value().map(Operand::Value),
            None => self.path().map(Operand::Path),
        }
    }
}

/// The condition that a function stands for.
fn function(name: &str, operands: Vec<Operand>) -> Result<Condition, String> {
    match name {
        "attribute_exists" => {
            let [path] = exactly(name, operands)?;
            Ok(Condition::Exists(path_only(name, path)?))
        }
        "attribute_not_exists" => {
            let [path] = exactly(name, operands)?;
            Ok(Condition::Not(Box::new(Condition::Exists(path_only(name, path)?))))
        }
        "attribute_type" => {
            let [path, kind] = exactly(name, operands)?;
            Ok(Condition::HasType(path_only(name, path)?, type_name(kind)?))
        }
        "begins_with" => {
            let [text, prefix] = exactly(name, operands)?;
            check_text(name, &text)?;
            check_text(name, &prefix)?;
            Ok(Condition::BeginsWith(text, prefix))
        }
        "contains" => {
            let [whole, part] = exactly(name, operands)?;
            Ok(Condition::Contains(whole, part))
        }
        _ => Err(format!("Invalid function name; function: {name}")),
    }
}

fn path_only(function: &str, operand: Operand) -> Result<Path, String> {
    match operand {
        Operand::Path(path) => Ok(path),
        _ => Err(format!(
            "Operator or function requires a document path; operator or function: {function}"
        )),
    }
}

fn type_name(operand: Operand) -> Result<&'static str, String> {
    let name = match operand {
        Operand::Value(AttributeValue::S(name)) => name,
        Operand::Value(value) => {
            return Err(wrong_type("operator or function", "attribute_type", &value));
        }
        _ => {
            return Err("Incorrect operand type for operator or function; operator or function: \
                        attribute_type, operand type: {NS,SS,L,BS,N,M,B,BOOL,NULL}"
                .to_owned());
        }
    };
    TYPE_NAMES.into_iter().find(|known| *known == name).ok_or_else(|| {
        format!(
            "Invalid attribute type name found; type: {name}, valid types: {{{}}}",
            TYPE_NAMES.join(",")
        )
    })
}

/// Refuses a value that has no order.
fn check_ordered(name: &str, operand: &Operand) -> Result<(), String> {
    match operand {
        Operand::Value(AttributeValue::S(_) | AttributeValue::N(_) | AttributeValue::B(_))
        | Operand::Path(_)
        | Operand::Size(_) => Ok(()),
        Operand::Value(value) => Err(wrong_type("operator", name, value)),
    }
}

fn check_text(function: &str, operand: &Operand) -> Result<(), String> {
    match operand {
        Operand::Value(AttributeValue::S(_) | AttributeValue::B(_)) | Operand::Path(_) => Ok(()),
        Operand::Value(value) => Err(wrong_type("operator or function", function, value)),
        Operand::Size(_) => Err(misused("size")),
    }
}

fn check_bounds(low: &AttributeValue, high: &AttributeValue) -> Result<(), String> {
    let bounds = || {
        format!(
            "lower bound operand: AttributeValue: {}, upper bound operand: AttributeValue: {}",
            low.for_message(),
            high.for_message()
        )
    };
    if low.type_name() != high.type_name() {
        return Err(format!(
            "The BETWEEN operator requires same data type for lower and upper bounds; {}",
            bounds()
        ));
    }
    if Comparator::Greater.holds(low, high) {
        return Err(format!(
            "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; {}",
            bounds()
        ));
    }
    Ok(())
}

fn wrong_type(what: &str, name: &str, value: &AttributeValue) -> String {
    format!(
        "Incorrect operand type for operator or function; {what}: {name}, operand type: {}",
        value.type_name()
    )
}

fn misused(function: &str) -> String {
    format!(
        "The function is not allowed to be used this way in an expression; function: {function}"
    )
}
