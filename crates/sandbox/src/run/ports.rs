//! Ports of the loopback for tasks.
//!
//! A program is told its port and binds it itself, so between choosing and binding somebody else
//! could take it. To rule that out the sandbox binds the port first, with `SO_REUSEADDR` and without
//! ever listening, and keeps it as long as the task lives. Linux then gives that port to nobody who
//! asks for a free one, neither to listen nor to connect from, while a program that names the port
//! and sets `SO_REUSEADDR` too, as servers do, may bind and listen. Until it listens, connecting is
//! refused, as with a port that nobody holds.
//!
//! What remains: a program that does not set `SO_REUSEADDR` finds its port in use, every time and
//! not by chance; and a stranger who names that very port with `SO_REUSEADDR` gets it. Other systems
//! than Linux refuse a second bind of one address, so there the port is let go right before the
//! program starts and the gap until it binds stays open.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::TcpSocket;

/// A loopback port that is kept for one task.
#[derive(Debug)]
pub(super) struct Reservation {
    address: SocketAddr,
    _held: Option<TcpSocket>,
}

impl Reservation {
    /// Reserves a port that the system chooses.
    pub(super) fn new() -> io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.set_reuseaddr(true)?;
        socket.bind((Ipv4Addr::LOCALHOST, 0).into())?;
        let address = socket.local_addr()?;
        Ok(Self { address, _held: cfg!(target_os = "linux").then_some(socket) })
    }

    /// The address that the task is to listen on.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::net::{TcpListener, TcpStream};

    use super::*;

    #[test]
    fn a_reserved_port_refuses_connections_until_its_program_listens() {
        let reservation = Reservation::new().unwrap();
        let refused = TcpStream::connect(reservation.address()).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::ConnectionRefused);

        let _program = TcpListener::bind(reservation.address()).unwrap();
        TcpStream::connect(reservation.address()).unwrap();
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn nobody_who_asks_for_a_free_port_is_given_a_reserved_one() {
        let reserved: Vec<_> = (0..500).map(|_| Reservation::new().unwrap()).collect();
        let mut taken: HashSet<_> = reserved.iter().map(Reservation::address).collect();
        let strangers: Vec<_> =
            (0..500).map(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap()).collect();
        assert!(strangers.iter().all(|stranger| taken.insert(stranger.local_addr().unwrap())));
    }
}
