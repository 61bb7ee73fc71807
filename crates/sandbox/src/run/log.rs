//! The last lines that a task printed.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::io::{AsyncRead, AsyncReadExt};

/// How many lines of one task are kept.
const LINES: usize = 200;
/// How much of one line is kept, in bytes.
const LINE_BYTES: usize = 4096;

/// A bounded record of what a task printed, standard output and standard error together.
#[derive(Debug, Default)]
pub(super) struct Log {
    lines: Mutex<VecDeque<String>>,
}

impl Log {
    /// Adds one line; the oldest gives way.
    pub(super) fn push(&self, line: String) {
        let mut lines = self.lock();
        if lines.len() == LINES {
            lines.pop_front();
        }
        lines.push_back(line);
    }

    /// The lines kept, oldest first.
    pub(super) fn lines(&self) -> Vec<String> {
        self.lock().iter().cloned().collect()
    }

    /// Records `output` until it ends.
    pub(super) async fn record(&self, mut output: impl AsyncRead + Unpin) {
        let mut chunk = [0; LINE_BYTES];
        let mut line = Vec::new();
        while let Ok(read @ 1..) = output.read(&mut chunk).await {
            for &byte in &chunk[..read] {
                match byte {
                    b'\n' => self.end(&mut line),
                    byte if line.len() < LINE_BYTES => line.push(byte),
                    _ => {}
                }
            }
        }
        if !line.is_empty() {
            self.end(&mut line);
        }
    }

    fn end(&self, line: &mut Vec<u8>) {
        self.push(String::from_utf8_lossy(line).trim_end_matches('\r').to_owned());
        line.clear();
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<String>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn keeps_the_last_lines_in_order() {
        let log = Log::default();
        let printed: String = (0..LINES + 5).map(|n| format!("line {n}\r\n")).collect();
        log.record(printed.as_bytes()).await;
        let lines = log.lines();
        assert_eq!(lines.len(), LINES);
        assert_eq!(lines[0], "line 5");
        assert_eq!(lines[LINES - 1], format!("line {}", LINES + 4));
    }

    #[tokio::test]
    async fn cuts_a_line_without_an_end_instead_of_growing() {
        let log = Log::default();
        log.record(vec![b'x'; 10 * LINE_BYTES].as_slice()).await;
        assert_eq!(log.lines(), ["x".repeat(LINE_BYTES)]);
    }
}
