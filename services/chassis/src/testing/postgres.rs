//! One private PostgreSQL server for all test processes of a run.
//!
//! The first process starts it, the others join (nextest starts a process per
//! test). Each holds a shared lock on the file `users`; a keeper, apart from every
//! test, stops the server by its pid and removes its folder a few seconds after
//! the last lock is gone, however its holders ended. `ZHURNAL_TEST_POSTGRES`
//! (a URL of a superuser, without a database) names a server to use instead.

use std::{
    fs::{self, File},
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

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection};
use uuid::Uuid;

/// Longest start; initdb takes seconds on a busy machine.
const START: Duration = Duration::from_secs(90);

/// $1 programs, $2 data folder, $3 port, $4 meeting folder.
const KEEPER: &str = include_str!("postgres_keeper.sh");

static SERVER: OnceLock<Server> = OnceLock::new();

struct Server {
    /// Without a database's name.
    url: String,
    /// The shared lock; a static is never dropped, the lock ends with the process.
    _user: Option<File>,
}

/// A new empty database; its URL.
pub(super) async fn create_database() -> String {
    let server = &SERVER.get_or_init(join).url;
    #[allow(clippy::disallowed_methods, reason = "names of databases, not data")]
    let name = format!("test_{}", Uuid::new_v4().simple());
    let deadline = Instant::now() + START;
    let admin = loop {
        match admin(server).await {
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

/// Removes a database, whoever is still connected. Blocks: for `Drop`.
pub(super) fn drop_database(url: &str) {
    let Some((server, name)) = url.rsplit_once('/') else {
        return;
    };
    let (server, drop) = (
        server.to_owned(),
        format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
    );
    let work = thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            admin(&server).await?.execute_unprepared(&drop).await?;
            anyhow::Ok(())
        })
    });
    // A database that stays is gone with the server.
    let _ = work.join();
}

async fn admin(server: &str) -> Result<DatabaseConnection, sea_orm::DbErr> {
    let mut connect = ConnectOptions::new(format!("{server}/postgres"));
    connect.max_connections(1).sqlx_logging(false);
    Database::connect(connect).await
}

fn join() -> Server {
    if let Ok(url) = std::env::var("ZHURNAL_TEST_POSTGRES") {
        return Server {
            url: url.trim_end_matches('/').to_owned(),
            _user: None,
        };
    }
    let meeting = meeting_folder();
    let starting = lock_file(&meeting.join("starting"));
    starting.lock().expect("wait for others that start");
    let user = lock_file(&meeting.join("users"));
    user.lock_shared().expect("be counted as a user");
    let at = meeting.join("port");
    let running = fs::read_to_string(&at)
        .ok()
        .and_then(|port| port.trim().parse().ok());
    let port = running.filter(|&port| answers(port)).unwrap_or_else(|| {
        let port = start(&meeting);
        fs::write(&at, port.to_string()).expect("tell the others");
        port
    });
    Server {
        url: format!("postgres://postgres@127.0.0.1:{port}"),
        _user: Some(user),
    }
}

fn start(meeting: &Path) -> u16 {
    let programs = programs();
    for _ in 0..5 {
        let port = free_port();
        let mut keeper = keep(&programs, port, meeting);
        if listens(&mut keeper, port) {
            return port;
        }
    }
    panic!(
        "PostgreSQL did not start: see zhurnal-test-pg-*/log in {}",
        std::env::temp_dir().display()
    );
}

/// Where the processes of one user meet; the unprivileged user owns it.
fn meeting_folder() -> PathBuf {
    let me = fs::metadata("/proc/self").expect("who am I").uid();
    let folder = std::env::temp_dir().join(format!("zhurnal-test-pg-of-{me}"));
    fs::create_dir_all(&folder).expect("a folder to meet in");
    hand_over(&folder);
    folder
}

fn lock_file(path: &Path) -> File {
    let file = File::options()
        .create(true)
        .append(true)
        .open(path)
        .expect("a lock file");
    hand_over(path);
    file
}

fn hand_over(path: &Path) {
    if let Some((user, group)) = unprivileged() {
        chown(path, Some(user), Some(group)).expect("hand it to the server's user");
    }
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

fn keep(programs: &Path, port: u16, meeting: &Path) -> Child {
    let folder = tempfile::Builder::new()
        .prefix("zhurnal-test-pg-")
        .tempdir()
        .expect("a folder")
        .keep();
    hand_over(&folder);
    let mut shell = Command::new("/bin/sh");
    shell
        .args(["-c", KEEPER, "keeper"])
        .arg(programs)
        .arg(&folder)
        .arg(port.to_string())
        .arg(meeting);
    shell
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .current_dir("/");
    // Its own group: a runner that kills the test's group leaves it alive.
    shell.process_group(0);
    if let Some((user, group)) = unprivileged() {
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
    while Instant::now() < deadline {
        if keeper.try_wait().expect("ask for the keeper").is_some() {
            return false;
        }
        if answers(port) {
            return true;
        }
        thread::sleep(Duration::from_millis(10));
    }
    false
}

fn answers(port: u16) -> bool {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_ok()
}
