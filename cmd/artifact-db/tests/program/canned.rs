//! An endpoint that gives prepared answers, one connection each, and keeps the requests.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread::JoinHandle;

pub(crate) struct Canned {
    pub(crate) address: SocketAddr,
    server: JoinHandle<Vec<String>>,
}

impl Canned {
    /// Answers as many requests as there are answers; then nobody listens any more.
    pub(crate) fn new(answers: &'static [(u16, &'static str)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = std::thread::spawn(move || {
            answers.iter().map(|answer| exchange(&listener.accept().unwrap().0, *answer)).collect()
        });
        Self { address, server }
    }

    /// The bodies of the requests, all of which must have come.
    pub(crate) fn requests(self) -> Vec<String> {
        self.server.join().unwrap()
    }
}

fn exchange(stream: &TcpStream, (status, answer): (u16, &str)) -> String {
    let mut reader = BufReader::new(stream);
    let mut body = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if let Some(length) = line.to_lowercase().strip_prefix("content-length:") {
            body.resize(length.trim().parse().unwrap(), 0);
        }
        if line.trim().is_empty() {
            break;
        }
    }
    reader.read_exact(&mut body).unwrap();
    let length = answer.len();
    let head = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: application/x-amz-json-1.0\r\n\
         content-length: {length}\r\nconnection: close\r\n\r\n"
    );
    (&mut &*stream).write_all(format!("{head}{answer}").as_bytes()).unwrap();
    String::from_utf8(body).unwrap()
}
