//! The table of the members of each operation.

use crate::tally::Row;

/// A row for each operation, in their order.
pub(super) fn table(rows: &[Row]) -> String {
    let mut rows: Vec<&Row> = rows.iter().collect();
    rows.sort_by(|a, b| (&a.service, &a.operation).cmp(&(&b.service, &b.operation)));
    let mut table = String::from(
        "| operation | members honoured | accepted and ignored | refused |\n\
         | --- | --- | --- | --- |\n",
    );
    for row in rows {
        table += &format!(
            "| {} {} | {} | {} | {} |\n",
            row.service,
            row.operation,
            row.honoured.join(", "),
            row.ignored.join(", "),
            row.refused.join(", "),
        );
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(operation: &str) -> Row {
        Row {
            service: "ecs".into(),
            operation: operation.into(),
            honoured: vec!["task".into(), "cluster".into()],
            ignored: vec!["reason".into()],
            refused: vec![],
        }
    }

    #[test]
    fn the_table_is_in_the_order_of_the_operations() {
        let table = table(&[row("StopTask"), row("ListTasks")]);
        let lines: Vec<&str> = table.lines().skip(2).collect();
        assert_eq!(
            lines,
            [
                "| ecs ListTasks | task, cluster | reason |  |",
                "| ecs StopTask | task, cluster | reason |  |"
            ]
        );
    }
}
