use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::model::ApiError;
use crate::model::dynamo::{AttributeValue, Item};

fn item() -> Item {
    let number = |text: &str| AttributeValue::N(text.parse().unwrap());
    let strings = |texts: [&str; 2]| AttributeValue::Ss(texts.map(String::from).into());
    BTreeMap::from([
        ("s".to_owned(), "hello".into()),
        ("n".to_owned(), number("5")),
        ("z".to_owned(), AttributeValue::Null),
        ("l".to_owned(), AttributeValue::L(vec!["x".into(), number("2")])),
        ("m".to_owned(), AttributeValue::M(BTreeMap::from([("k".to_owned(), number("7"))]))),
        ("ss".to_owned(), strings(["a", "b"])),
    ])
}

fn values() -> Item {
    let number = |text: &str| AttributeValue::N(text.parse().unwrap());
    BTreeMap::from([
        (":0".to_owned(), "hell".into()),
        (":1".to_owned(), number("1")),
        (":5".to_owned(), number("5.0")),
        (":9".to_owned(), number("9")),
        (":a".to_owned(), "a".into()),
        (":t".to_owned(), "NULL".into()),
        (":bool".to_owned(), AttributeValue::Bool(true)),
    ])
}

fn placeholders() -> Placeholders {
    let names =
        BTreeMap::from([("#0".to_owned(), "s".to_owned()), ("#m".to_owned(), "m".to_owned())]);
    Placeholders::new(Some(names), Some(values())).unwrap()
}

fn condition(text: &str) -> Result<Condition, String> {
    let error = |error: ApiError| error.message;
    placeholders().condition("ConditionExpression", text).map_err(error)
}

#[test]
fn conditions_hold_as_their_operators_say() {
    for (text, expected) in [
        ("n = :5", true),
        ("n <> :5", false),
        ("n < :9 AND n >= :5", true),
        ("n > :9", false),
        ("s < :1", false),
        ("absent = :1", false),
        ("absent <> :1", true),
        ("n BETWEEN :1 AND :5", true),
        ("n BETWEEN :1 AND :9 AND s = :0", false),
        ("n IN (:1, :9, :5)", true),
        ("n in (:1)", false),
        ("attribute_exists (#0)", true),
        ("attribute_not_exists\n(\n#0\n)", false),
        ("attribute_exists(z)", true),
        ("attribute_type(z, :t)", true),
        ("begins_with(#0, :0)", true),
        ("begins_with(n, :0)", false),
        ("contains(s, :0)", true),
        ("contains(ss, :a)", true),
        ("contains(l, :a)", false),
        ("size(s) = :5", true),
        ("size(l) < size(s)", true),
        ("size(n) < :9", false),
        ("#m.k > :5", true),
        ("l[1] > :1", true),
        ("l[7] = :1", false),
        ("m.k.deep = :1", false),
    ] {
        assert_eq!(condition(text).unwrap().holds(&item()), expected, "{text}");
    }
}

#[test]
fn not_binds_tighter_than_and_and_and_tighter_than_or() {
    let (yes, no) = ("n = :5", "n = :9");
    for (text, expected) in [
        (format!("{yes} OR {no} AND {no}"), true),
        (format!("({yes} OR {no}) AND {no}"), false),
        (format!("NOT {no} AND {no}"), false),
        (format!("NOT ({no} AND {no})"), true),
        (format!("not not {yes}"), true),
    ] {
        assert_eq!(condition(&text).unwrap().holds(&item()), expected, "{text}");
    }
}

#[test]
fn mistakes_in_a_condition_are_told_as_aws_tells_them() {
    for (text, message) in [
        ("", "The expression can not be empty;"),
        ("n == :5", "Syntax error; token: \"=\", near: \"== :5\""),
        ("n = :5 AND", "Syntax error; token: \"<EOF>\", near: \"AND\""),
        ("((n = :5))", "The expression has redundant parentheses;"),
        ("data = :5", "Attribute name is a reserved keyword; reserved keyword: data"),
        ("m.Value = :5", "Attribute name is a reserved keyword; reserved keyword: Value"),
        ("exists(n)", "Invalid function name; function: exists"),
        (
            "#x = :5",
            "An expression attribute name used in the document path is not defined; attribute name: #x",
        ),
        (
            "n = :x",
            "An expression attribute value used in expression is not defined; attribute value: :x",
        ),
        (
            "begins_with(n)",
            "Incorrect number of operands for operator or function; operator or function: begins_with, number of operands: 1",
        ),
        (
            "begins_with(s, :1)",
            "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N",
        ),
        (
            "attribute_exists(:1)",
            "Operator or function requires a document path; operator or function: attribute_exists",
        ),
        (
            "attribute_type(s, :a)",
            "Invalid attribute type name found; type: a, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}",
        ),
        (
            "size(s)",
            "The function is not allowed to be used this way in an expression; function: size",
        ),
        (
            "contains(s, :0) = :1",
            "The function is not allowed to be used this way in an expression; function: contains",
        ),
        (
            "n = n",
            "The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [n]",
        ),
        (
            "n > :bool",
            "Incorrect operand type for operator or function; operator: >, operand type: BOOL",
        ),
        (
            "n BETWEEN :9 AND :1",
            "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:9}, upper bound operand: AttributeValue: {N:1}",
        ),
    ] {
        let expected = format!("Invalid ConditionExpression: {message}");
        assert_eq!(condition(text).unwrap_err(), expected, "{text}");
    }
}

#[test]
fn mistakes_in_an_update_are_told_as_aws_tells_them() {
    for (text, message) in [
        (
            "SET s = :0 SET n = :1",
            "The \"SET\" section can only be used once in an update expression;",
        ),
        (
            "SET m.k = :1 REMOVE #m",
            "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [m, k], path two: [m]",
        ),
        (
            "SET l[0] = :1, l.x = :1",
            "Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [l, [0]], path two: [l, x]",
        ),
        (
            "ADD s :0",
            "Incorrect operand type for operator or function; operator: ADD, operand type: STRING",
        ),
        (
            "SET n = n + :0",
            "Incorrect operand type for operator or function; operator or function: +, operand type: S",
        ),
        (
            "SET n = if_not_exists(:1, :5)",
            "Operator or function requires a document path; operator or function: if_not_exists",
        ),
        ("SET n = contains(s, :0)", "Invalid function name; function: contains"),
        ("n = :1", "Syntax error; token: \"n\", near: \"n =\""),
    ] {
        let error = placeholders().update(text).unwrap_err();
        assert_eq!(error.message, format!("Invalid UpdateExpression: {message}"), "{text}");
    }
}

#[test]
fn placeholders_that_no_expression_uses_are_refused() {
    let mut given = placeholders();
    given.condition("ConditionExpression", "#0 = :0 OR #m = :1").unwrap();
    let error = given.finish().unwrap_err();
    assert_eq!(
        error.message,
        "Value provided in ExpressionAttributeValues unused in expressions: keys: {:5, :9, :a, :bool, :t}"
    );
    let names = |name: &str| Some(BTreeMap::from([(name.to_owned(), "x".to_owned())]));
    let unused = Placeholders::new(names("#a"), None).unwrap().finish().unwrap_err();
    assert_eq!(
        unused.message,
        "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a}"
    );
    let malformed = Placeholders::new(names("a"), None).unwrap_err();
    assert_eq!(
        malformed.message,
        "ExpressionAttributeNames contains invalid key: Syntax error; key: \"a\""
    );
}

#[test]
fn deep_and_long_expressions_are_refused_before_they_can_hurt() {
    let deep = format!("{}n = :5", "NOT ".repeat(1000));
    assert!(condition(&deep).unwrap_err().contains("nested too deeply"));
    let long = vec!["n = :5"; 600].join(" OR ");
    assert!(condition(&long).unwrap_err().contains("exceeded the maximum allowed size"));
    let functions = format!("SET n = {}n{}", "if_not_exists(s, ".repeat(200), ")".repeat(200));
    assert!(placeholders().update(&functions).unwrap_err().message.contains("nested too deeply"));
}

/// Texts that look like expressions, right ones among them.
fn expression_like() -> impl Strategy<Value = String> {
    let pieces = vec![
        "AND",
        "OR",
        "NOT",
        "BETWEEN",
        "IN",
        "SET",
        "REMOVE",
        "ADD",
        "DELETE",
        "(",
        ")",
        "[",
        "]",
        "0",
        ",",
        ".",
        "=",
        "<>",
        "<",
        ">=",
        "+",
        "-",
        "#0",
        "#m",
        "#x",
        ":0",
        ":1",
        ":x",
        "s",
        "n",
        "l",
        "m",
        "data",
        "size",
        "begins_with",
        "attribute_exists",
        "if_not_exists",
        "#",
        "\n",
        "ß",
    ];
    prop::collection::vec(prop::sample::select(pieces), 0..24).prop_map(|all| all.join(" "))
}

proptest! {
    #[test]
    fn no_text_makes_a_parser_or_an_evaluation_panic(
        text in prop_oneof![expression_like(), ".*"]
    ) {
        if let Ok(condition) = condition(&text) {
            condition.holds(&item());
        }
        if let Ok(update) = placeholders().update(&text) {
            let _ = update.apply(&item());
        }
        if let Ok(projection) = placeholders().projection(&text) {
            projection.apply(&item());
        }
    }

    #[test]
    fn a_negation_holds_where_the_condition_does_not(text in expression_like()) {
        if let (Ok(plain), Ok(negated)) = (condition(&text), condition(&format!("NOT ( {text} )"))) {
            prop_assert_ne!(plain.holds(&item()), negated.holds(&item()));
        }
    }
}
