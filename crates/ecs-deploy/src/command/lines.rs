//! A command's output, line by line.

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{ChildStderr, ChildStdout};

use super::LineSink;

/// The longest line in bytes that is kept whole, so that output without line ends stays small.
const LONGEST: usize = 64 * 1024;

/// What is read, and shown, between two chances for others to do something.
const CHUNK: usize = 16 * 1024;

/// Both outputs of a command. They stay apart, so that no line of one lands inside one of the other.
pub(super) struct Output {
    stdout: Stream<ChildStdout>,
    stderr: Stream<ChildStderr>,
}

impl Output {
    pub(super) fn new(stdout: ChildStdout, stderr: ChildStderr) -> Self {
        Self { stdout: Stream::new(stdout), stderr: Stream::new(stderr) }
    }

    /// Gives the lines to `line` until both outputs end. Nothing is lost when it is dropped and
    /// called again.
    pub(super) async fn forward(&mut self, line: LineSink<'_>) {
        tokio::join!(self.stdout.forward(line), self.stderr.forward(line));
    }

    /// Gives up on the rest, and shows what came of an unfinished line.
    pub(super) fn close(self, line: LineSink<'_>) {
        for mut lines in [self.stdout.lines, self.stderr.lines] {
            lines.finish(line);
        }
    }
}

/// One output: its pipe until it ends, and the line that is not complete yet.
struct Stream<Pipe> {
    pipe: Option<Pipe>,
    chunk: Box<[u8]>,
    lines: Splitter,
}

impl<Pipe: AsyncRead + Unpin> Stream<Pipe> {
    fn new(pipe: Pipe) -> Self {
        let chunk = vec![0; CHUNK].into_boxed_slice();
        Self { pipe: Some(pipe), chunk, lines: Splitter::default() }
    }

    async fn forward(&mut self, line: LineSink<'_>) {
        while let Some(pipe) = &mut self.pipe {
            // An output that can't be read any more has ended as far as anybody can tell.
            match pipe.read(&mut self.chunk).await.unwrap_or(0) {
                0 => {
                    self.pipe = None;
                    self.lines.finish(line);
                }
                length => self.lines.take(&self.chunk[..length], line),
            }
            // The heartbeat of the lock lives in the same task.
            tokio::task::yield_now().await;
        }
    }
}

/// Cuts bytes into lines: at LF, at CR LF, and at the lone CR of a progress display.
#[derive(Default)]
struct Splitter {
    pending: Vec<u8>,
    /// Whether the last line ended with a CR, to which a LF that follows belongs.
    after_return: bool,
}

impl Splitter {
    fn take(&mut self, mut bytes: &[u8], line: LineSink<'_>) {
        while let Some(end) = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
            self.append(&bytes[..end], line);
            self.end_line(bytes[end], line);
            bytes = &bytes[end + 1..];
        }
        self.append(bytes, line);
    }

    fn append(&mut self, mut bytes: &[u8], line: LineSink<'_>) {
        if bytes.is_empty() {
            return;
        }
        self.after_return = false;
        while bytes.len() > LONGEST - self.pending.len() {
            let (fitting, rest) = bytes.split_at(LONGEST - self.pending.len());
            self.pending.extend_from_slice(fitting);
            self.show(whole_characters(&self.pending), line);
            bytes = rest;
        }
        self.pending.extend_from_slice(bytes);
    }

    fn end_line(&mut self, end: u8, line: LineSink<'_>) {
        match end {
            b'\n' if self.after_return => self.after_return = false,
            b'\n' => self.show(self.pending.len(), line),
            // A CR at the start of a line moves nothing on a terminal.
            _ if self.pending.is_empty() => {}
            _ => {
                self.show(self.pending.len(), line);
                self.after_return = true;
            }
        }
    }

    fn finish(&mut self, line: LineSink<'_>) {
        if !self.pending.is_empty() {
            self.show(self.pending.len(), line);
        }
    }

    fn show(&mut self, length: usize, line: LineSink<'_>) {
        line(&String::from_utf8_lossy(&self.pending[..length]));
        self.pending.drain(..length);
    }
}

/// The length of `bytes` without the beginning of a UTF-8 character that they end with.
fn whole_characters(bytes: &[u8]) -> usize {
    let continuations = bytes.iter().rev().take_while(|&&byte| byte & 0xC0 == 0x80).take(3).count();
    let Some(first) = bytes.len().checked_sub(continuations + 1) else { return bytes.len() };
    let announced = bytes[first].leading_ones() as usize;
    if announced > continuations + 1 { first } else { bytes.len() }
}

#[cfg(test)]
mod tests;
