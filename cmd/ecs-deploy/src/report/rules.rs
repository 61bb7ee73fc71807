//! The rules that a deploy can't move, and what to do about them.

use ecs_deploy::error::DeployError;
use ecs_deploy::plan::Refusal;
use ecs_deploy::traffic::{Advice, Problem, RuleRow, TrafficRefusal};

use crate::render::words::line;

/// The rules in a table and what resolves each problem, where an error is about the rules.
pub(crate) fn rules(error: &DeployError) -> Vec<String> {
    let refusal = match error {
        DeployError::Refused(Refusal::Traffic(refusal)) => refusal,
        DeployError::Meddled(meddled) => match &meddled.refusal {
            Refusal::Traffic(refusal) => refusal,
            _ => return Vec::new(),
        },
        _ => return Vec::new(),
    };
    let mut lines = table(&refusal.rules);
    lines.extend(refusal.problems.iter().flat_map(|problem| resolve(problem, refusal)));
    lines.extend(refusal.accept.iter().map(|digest| {
        line("or once", &format!("-accept-rules {digest} leaves these rules alone in one deploy"))
    }));
    lines
}

/// What moves the rules of a problem, or leaves them alone. Of several problems each is named again.
fn resolve(problem: &Problem, refusal: &TrafficRefusal) -> Vec<String> {
    let heading = match refusal.problems.len() {
        1 => None,
        _ => Some(line("problem", &problem.what)),
    };
    let first = |advice: &[Advice], heading: &str| -> Vec<String> {
        let headings = std::iter::once(heading).chain(std::iter::repeat("then"));
        headings.zip(advice).map(|(heading, advice)| line(heading, &advice.to_string())).collect()
    };
    let or = if problem.to_move.is_empty() { "leave it" } else { "or leave" };
    let moves = first(&problem.to_move, "fix");
    heading.into_iter().chain(moves).chain(first(&problem.to_accept, or)).collect()
}

fn table(rules: &[RuleRow]) -> Vec<String> {
    let cells = |row: &RuleRow| {
        let RuleRow { listener, priority, conditions, action, .. } = row;
        [listener, priority, conditions, action].map(String::clone)
    };
    let rows: Vec<[String; 4]> = rules.iter().map(cells).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let widths: Vec<usize> = (0..4).map(|column| width(column).unwrap_or_default()).collect();
    let written = |(row, rule): (&[String; 4], &RuleRow)| {
        let padded = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        line("rule", &format!("{}  {}", padded.collect::<Vec<_>>().join("  "), rule.role))
    };
    rows.iter().zip(rules).map(written).collect()
}
