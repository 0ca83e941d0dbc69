//! The PostgreSQL server of tests starts, answers, and is gone afterwards.

use std::io::{Read, Write};
use std::net::TcpStream;

use evalward_testkit::PostgresServer;

/// What a client sends to ask whether the server speaks TLS: the length and the code of an `SSLRequest`.
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

#[test]
fn a_server_answers_until_it_is_dropped() {
    let server = PostgresServer::start().expect("the server's programs are installed");
    let url = server.url();
    let (_, rest) = url.split_once('@').unwrap();
    let (address, database) = rest.split_once('/').unwrap();
    assert_eq!(database, "postgres");
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(&SSL_REQUEST).unwrap();
    let mut answer = [0];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"N", "the server speaks PostgreSQL, without TLS");
    drop(server);
    assert!(TcpStream::connect(address).is_err(), "nothing listens any more");
}
