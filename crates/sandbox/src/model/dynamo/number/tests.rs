use proptest::prelude::*;

use super::*;

fn number(text: &str) -> Number {
    text.parse().unwrap()
}

#[test]
fn ways_to_write_a_number_have_one_canonical_form() {
    for (written, canonical) in [
        ("0", "0"),
        ("-0.00e7", "0"),
        ("1.50", "1.5"),
        ("+007", "7"),
        (".5", "0.5"),
        ("5.", "5"),
        ("12e3", "12000"),
        ("-12E-3", "-0.012"),
        ("1e-2", "0.01"),
    ] {
        assert_eq!(number(written).to_string(), canonical, "{written}");
    }
}

#[test]
fn what_is_no_number_is_refused_with_the_text() {
    for text in ["", "-", ".", "1e", "e5", "1.2.3", "0x1", "1 ", "NaN", "--1", "1e99999999999"] {
        assert_eq!(text.parse::<Number>(), Err(NumberError::Syntax(text.to_owned())), "{text:?}");
    }
}

#[test]
fn range_and_precision_end_where_aws_ends_them() {
    assert!("9.9e125".parse::<Number>().is_ok());
    assert_eq!("1e126".parse::<Number>(), Err(NumberError::Overflow));
    assert!("1e-130".parse::<Number>().is_ok());
    assert_eq!("9e-131".parse::<Number>(), Err(NumberError::Underflow));
    let digits = "12345678901234567890123456789012345678";
    assert!(digits.parse::<Number>().is_ok());
    assert_eq!(format!("{digits}9").parse::<Number>(), Err(NumberError::Precision));
}

#[test]
fn sums_carry_borrow_and_change_sign() {
    assert_eq!(number("999").plus(&number("1")).unwrap(), number("1000"));
    assert_eq!(number("1000").minus(&number("0.5")).unwrap(), number("999.5"));
    assert_eq!(number("1").minus(&number("2.25")).unwrap(), number("-1.25"));
    assert_eq!(number("-3").plus(&number("3")).unwrap(), number("0"));
    assert_eq!(number("0").minus(&number("4")).unwrap(), number("-4"));
    assert_eq!(number("1e100").plus(&number("1")), Err(NumberError::Precision));
}

prop_compose! {
    /// A decimal that an i128 can check: `mantissa * 10^-6`.
    fn millionths()(millionths in -1_000_000_000_000_000_i64..1_000_000_000_000_000) -> i64 {
        millionths
    }
}

fn from_millionths(millionths: i64) -> Number {
    number(&format!("{millionths}e-6"))
}

proptest! {
    #[test]
    fn order_is_that_of_the_values(a in millionths(), b in millionths()) {
        prop_assert_eq!(from_millionths(a).cmp(&from_millionths(b)), a.cmp(&b));
    }

    #[test]
    fn sums_and_differences_are_exact(a in millionths(), b in millionths()) {
        let (x, y) = (from_millionths(a), from_millionths(b));
        prop_assert_eq!(x.plus(&y).unwrap(), from_millionths(a + b));
        prop_assert_eq!(x.minus(&y).unwrap(), from_millionths(a - b));
    }

    #[test]
    fn the_canonical_form_reads_back_as_the_same_number(
        digits in "-?[0-9]{1,38}", power in -120_i32..80
    ) {
        if let Ok(x) = format!("{digits}e{power}").parse::<Number>() {
            prop_assert_eq!(number(&x.to_string()), x);
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in ".*") {
        let _ = text.parse::<Number>();
    }
}
