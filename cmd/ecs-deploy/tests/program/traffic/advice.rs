//! Does what a refusal advises: its AWS CLI commands, word by word, and its lines for the config.

use serde_json::Value;

use crate::support::Sandbox;

/// Follows the lines under a heading, and those under `then` behind them.
pub(super) async fn follow(sandbox: &Sandbox, told: &str, heading: &str) {
    let mut is_meant = false;
    let mut followed = 0;
    for line in told.lines().filter_map(|line| line.split_once(' ').map(|(_, rest)| rest)) {
        let Some((head, text)) = line.split_at_checked(9) else { continue };
        is_meant = head.trim() == heading || is_meant && head.trim() == "then";
        if is_meant {
            carry_out(sandbox, text).await;
            followed += 1;
        }
    }
    assert!(followed > 0, "no advice under `{heading}`:\n{told}");
}

async fn carry_out(sandbox: &Sandbox, advice: &str) {
    if let Some(member) = advice.strip_prefix("in the config: ") {
        let added: Value = serde_json::from_str(&format!("{{{member}}}")).unwrap();
        let text = std::fs::read_to_string(sandbox.config()).unwrap();
        let mut config: Value = serde_json::from_str(&text).unwrap();
        let environment = &mut config["Apps"]["shop"]["Environments"]["dev"];
        for (name, values) in added.as_object().unwrap() {
            environment[name] = values.clone();
        }
        std::fs::write(sandbox.config(), config.to_string()).unwrap();
        return;
    }
    let words = words(advice);
    let ["aws", "elbv2", operation, options @ ..] =
        &words.iter().map(String::as_str).collect::<Vec<_>>()[..]
    else {
        panic!("no command of the AWS CLI: {advice}");
    };
    let mut form = format!("Action={}&Version=2015-12-01", camel(operation));
    for option in options
        .split(|word| word.starts_with("--"))
        .skip(1)
        .zip(options.iter().filter_map(|word| word.strip_prefix("--")))
    {
        let (values, name) = option;
        let name = camel(name);
        for (number, value) in (1..).zip(values) {
            match serde_json::from_str::<Value>(value) {
                Ok(json @ Value::Array(_)) => flatten(&mut form, &name, &json),
                _ if value.contains('=') => {
                    for pair in value.split(',') {
                        form.push_str(&format!("&{name}.member.{number}.{pair}"));
                    }
                }
                _ => form.push_str(&format!("&{name}={value}")),
            }
        }
    }
    sandbox.cloud.query(form).await;
}

/// `create-rule` as the API names it.
fn camel(words: &str) -> String {
    let word = |word: &str| format!("{}{}", word[..1].to_uppercase(), &word[1..]);
    words.split('-').map(word).collect()
}

fn flatten(form: &mut String, name: &str, value: &Value) {
    match value {
        Value::Array(all) => {
            for (number, one) in (1..).zip(all) {
                flatten(form, &format!("{name}.member.{number}"), one);
            }
        }
        Value::Object(members) => {
            for (member, one) in members {
                flatten(form, &format!("{name}.{member}"), one);
            }
        }
        Value::String(text) => form.push_str(&format!("&{name}={text}")),
        other => form.push_str(&format!("&{name}={other}")),
    }
}

/// The words of a command as a shell splits it, with single quotes alone.
fn words(command: &str) -> Vec<String> {
    let (mut words, mut is_quoted) = (vec![String::new()], false);
    for character in command.chars() {
        match character {
            '\'' => is_quoted = !is_quoted,
            ' ' if !is_quoted => words.push(String::new()),
            other => words.last_mut().unwrap().push(other),
        }
    }
    words
}
