//! Free ports of this machine.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

/// Addresses that nobody listens on now, all different.
pub fn free(count: usize) -> std::io::Result<Vec<SocketAddr>> {
    // All are held until the last is known, so that none comes twice.
    let held = (0..count)
        .map(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))
        .collect::<Result<Vec<_>, _>>()?;
    held.iter().map(TcpListener::local_addr).collect()
}

/// One free address.
pub fn one() -> std::io::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    listener.local_addr()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_port_comes_twice() {
        let mut ports = free(30).unwrap();
        ports.sort();
        ports.dedup();
        assert_eq!(ports.len(), 30);
    }
}
