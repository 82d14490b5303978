//! One private PostgreSQL server per test process.
//!
//! A shell holds the server and reads from a pipe that only this process holds
//! open: however the process ends (also by SIGKILL), the pipe closes, the shell
//! stops the server by its pid and removes its folder. `ZHURNAL_TEST_POSTGRES`
//! (a URL of a superuser) names a server to use instead.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    os::unix::{
        fs::{MetadataExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::OnceLock,
    thread,
    time::{Duration, Instant},
};

use sea_orm::{ConnectOptions, ConnectionTrait, Database};
use uuid::Uuid;

/// Longest start; initdb takes a second or two on a busy machine.
const START: Duration = Duration::from_secs(90);

/// $1 programs, $2 folder, $3 port.
const KEEPER: &str = r#"
trap '' INT TERM HUP
exec >"$2/log" 2>&1
"$1/initdb" -D "$2/data" -U postgres --auth=trust --no-sync -E UTF8 --locale=C || exit 1
"$1/postgres" -D "$2/data" -p "$3" -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
    -c fsync=off -c full_page_writes=off -c max_connections=400 -c shared_buffers=64MB &
server=$!
while read -r line <&3; do :; done
kill -QUIT "$server"
wait "$server"
rm -rf "$2"
"#;

static SERVER: OnceLock<Server> = OnceLock::new();

struct Server {
    url: String,
    /// Its standard input is the pipe; a static is never dropped, only closed by the end.
    _keeper: Option<Child>,
}

/// A new empty database; its URL.
pub(super) async fn create_database() -> String {
    let server = &SERVER.get_or_init(start).url;
    #[allow(clippy::disallowed_methods, reason = "names of databases, not data")]
    let name = format!("test_{}", Uuid::new_v4().simple());
    let mut connect = ConnectOptions::new(format!("{server}/postgres"));
    connect.max_connections(1).sqlx_logging(false);
    let deadline = Instant::now() + START;
    let admin = loop {
        match Database::connect(connect.clone()).await {
            Ok(admin) => break admin,
            Err(err) => assert!(
                Instant::now() < deadline,
                "PostgreSQL does not answer: {err}"
            ),
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    admin
        .execute_unprepared(&format!("CREATE DATABASE {name}"))
        .await
        .expect("create a database");
    admin.close().await.expect("close");
    format!("{server}/{name}")
}

fn start() -> Server {
    if let Ok(url) = std::env::var("ZHURNAL_TEST_POSTGRES") {
        return Server {
            url: url.trim_end_matches('/').to_owned(),
            _keeper: None,
        };
    }
    let programs = programs();
    for _ in 0..5 {
        let port = free_port();
        let mut keeper = keep(&programs, port);
        if listens(&mut keeper, port) {
            return Server {
                url: format!("postgres://postgres@127.0.0.1:{port}"),
                _keeper: Some(keeper),
            };
        }
    }
    panic!(
        "PostgreSQL did not start; its log is in {}",
        std::env::temp_dir().display()
    );
}

fn programs() -> PathBuf {
    let mut found: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .map(|versions| {
            versions
                .flatten()
                .map(|version| version.path().join("bin"))
                .collect()
        })
        .unwrap_or_default();
    found.retain(|bin| bin.join("initdb").exists());
    found.sort();
    found
        .pop()
        .expect("PostgreSQL is needed: /usr/lib/postgresql/*/bin or ZHURNAL_TEST_POSTGRES")
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("its number").port()
}

fn keep(programs: &Path, port: u16) -> Child {
    let folder = tempfile::Builder::new()
        .prefix("zhurnal-test-pg-")
        .tempdir()
        .expect("a folder")
        .keep();
    let mut shell = Command::new("/bin/sh");
    // The pipe is descriptor 0 of the shell; jobs in the background get /dev/null there, so it is kept as 3.
    shell
        .arg("-c")
        .arg(format!("exec 3<&0\n{KEEPER}"))
        .arg("keeper");
    shell.arg(programs).arg(&folder).arg(port.to_string());
    shell
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .current_dir("/");
    // Its own group: a runner that kills the test's group leaves the clean-up alive.
    shell.process_group(0);
    if let Some((user, group)) = unprivileged() {
        chown(&folder, Some(user), Some(group)).expect("hand the folder over");
        shell.uid(user).gid(group);
    }
    shell.spawn().expect("start the keeper")
}

/// PostgreSQL refuses to run as root: `postgres` if there is one, else `nobody`.
fn unprivileged() -> Option<(u32, u32)> {
    if fs::metadata("/proc/self").expect("who am I").uid() != 0 {
        return None;
    }
    let passwd = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let ids = |name: &str| {
        let line = passwd
            .lines()
            .find(|line| line.split(':').next() == Some(name))?;
        let mut ids = line.split(':').skip(2).map(str::parse::<u32>);
        Some((ids.next()?.ok()?, ids.next()?.ok()?))
    };
    Some(
        ids("postgres")
            .or_else(|| ids("nobody"))
            .unwrap_or((65534, 65534)),
    )
}

fn listens(keeper: &mut Child, port: u16) -> bool {
    let deadline = Instant::now() + START;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    while Instant::now() < deadline {
        if keeper.try_wait().expect("ask for the keeper").is_some() {
            return false;
        }
        if TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_ok() {
            return true;
        }
        thread::sleep(Duration::from_millis(10));
    }
    false
}
