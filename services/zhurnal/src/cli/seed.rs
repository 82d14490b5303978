//! `seed`: invented schools to try out, and logins for each role of the first one.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use chassis::config::Common;
use chassis::lifecycle::Running;
use clap::{Args, Subcommand};
use identity::bootstrap::{Holder, LoadAccount};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use roster::RosterService;
use roster::demo::{self, DemoPerson, DemoRole, Parameters, Seeded};

use super::demo::{self as demo_school, clock::DemoClock, journals};
use super::folder::FolderLock;
use super::say;
use crate::suite;

/// Password of all demo logins; printed, and good for nothing but invented data.
const PASSWORD: &str = "demo-2026-zhurnal";
/// How long making one school may take.
const PATIENCE: Duration = Duration::from_secs(300);

/// Arguments of `seed`.
#[derive(Debug, Args)]
pub struct Seed {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Invented schools; refuses a folder that holds people.
    Demo {
        /// How many schools.
        #[arg(long, default_value_t = 1)]
        schools: u32,
        /// The same seed makes the same schools.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Classes of each grade, 1 to 12.
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=12))]
        classes_per_grade: u8,
        /// Pupils of each class, 1 to 60.
        #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u8).range(1..=60))]
        pupils_per_class: u8,
        /// Folder of databases, keys and files.
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
    },
}

impl Seed {
    /// Makes the schools and prints the logins.
    pub async fn run(self, config: Option<PathBuf>) -> anyhow::Result<ExitCode> {
        let What::Demo {
            schools,
            seed,
            classes_per_grade,
            pupils_per_class,
            data,
        } = self.what;
        let size = Parameters {
            seed,
            classes_per_grade,
            pupils_per_class,
            ..Parameters::default()
        };
        let quiet = [
            ("server.grpc", "", Some("")),
            ("server.admin", "", Some("")),
            ("telemetry.filter", "", Some("error")),
        ];
        let sources = suite::sources(config.as_ref(), data.as_ref(), &quiet)?;
        let common = Common::load(&sources)?;
        let _lock = FolderLock::of(&common)?;
        let telemetry = chassis::telemetry::init(&common.telemetry, "seed")?;
        // Everything that a demo school is put into; see `super::demo`.
        let needed: Vec<String> = ["identity", "roster", "schedule", "reporting"]
            .map(str::to_owned)
            .to_vec();
        let running = suite::compose(common, sources, telemetry.metrics(), &needed, |_| {})?
            .start()
            .await?;
        anyhow::ensure!(
            suite::identity(&running)?.is_empty().await?,
            "there are accounts already: a demo school is made only in an empty installation"
        );
        // Their journals stay empty: whoever measures needs cells to fill.
        let made = demo_schools(&running, schools, &size, async |_: &Seeded| Ok(())).await;
        running.stop().await;
        made?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Makes one demo school where nobody has registered, and prints its logins. Where it
/// was made before, prints them again.
pub async fn demo_if_empty(
    running: &Running,
    data: &Path,
    clock: &DemoClock,
) -> anyhow::Result<()> {
    let mark = data.join("demo-logins.txt");
    if suite::identity(running)?.is_empty().await? {
        let lived = async |seeded: &Seeded| journals::fill(running, seeded, clock).await;
        let logins = demo_schools(running, 1, &Parameters::default(), lived).await?;
        std::fs::write(&mark, &logins).with_context(|| mark.display().to_string())?;
    } else if let Ok(logins) = std::fs::read_to_string(&mark) {
        say(&logins);
    }
    Ok(())
}

async fn demo_schools(
    running: &Running,
    schools: u32,
    size: &Parameters,
    live: impl AsyncFnOnce(&Seeded) -> anyhow::Result<()>,
) -> anyhow::Result<String> {
    let cx = running
        .context("roster")
        .context("roster does not run in this process")?;
    let settings = running.config::<RosterService>()?;
    let today = cx.clock.today(&TimeZone::get("Europe/Simferopol")?);
    let mut first = None;
    for number in 1..=schools {
        say(&format!("Создаётся примерная школа № {number}…"));
        let of = Parameters {
            number,
            year: academic_year(today),
            ..size.clone()
        };
        let seeded = demo::seed(&cx, &settings, &of, PATIENCE).await?;
        first.get_or_insert(seeded);
    }
    let seeded = first.context("at least one school")?;
    demo_school::put(running, &seeded).await?;
    live(&seeded).await?;
    let accounts: Vec<LoadAccount> = [
        LoadAccount {
            login: "region".to_owned(),
            holder: Holder::Region,
        },
        LoadAccount {
            login: "municipal".to_owned(),
            holder: Holder::Municipality(seeded.municipality_id),
        },
    ]
    .into_iter()
    .chain(
        seeded
            .people
            .iter()
            .map(|person| account(person, seeded.school_id)),
    )
    .collect();
    suite::identity(running)?
        .load_accounts(&accounts, PASSWORD)
        .await?;
    let logins = logins(&seeded.people);
    say(&logins);
    Ok(logins)
}

/// The academic year that a day belongs to, by its first calendar year: from July on
/// the coming one.
fn academic_year(today: Date) -> i16 {
    if today.month() >= 7 {
        today.year()
    } else {
        today.year() - 1
    }
}

fn account(person: &DemoPerson, school: zhurnal_proto::id::SchoolId) -> LoadAccount {
    let holder = match person.role {
        DemoRole::Pupil => Holder::Pupil {
            school,
            person: person.person_id,
        },
        DemoRole::Guardian => Holder::Guardian {
            school,
            person: person.person_id,
        },
        _ => Holder::Staff {
            school,
            person: person.person_id,
        },
    };
    LoadAccount {
        login: login(person.role).to_owned(),
        holder,
    }
}

fn login(role: DemoRole) -> &'static str {
    match role {
        DemoRole::Director => "director",
        DemoRole::Deputy => "deputy",
        DemoRole::Administrator => "admin",
        DemoRole::ClassTeacher => "classteacher",
        DemoRole::Teacher => "teacher",
        DemoRole::Pupil => "pupil",
        DemoRole::Guardian => "parent",
    }
}

fn title(role: DemoRole) -> &'static str {
    match role {
        DemoRole::Director => "директор",
        DemoRole::Deputy => "завуч",
        DemoRole::Administrator => "администратор журнала",
        DemoRole::ClassTeacher => "классный руководитель",
        DemoRole::Teacher => "учитель",
        DemoRole::Pupil => "ученик",
        DemoRole::Guardian => "родитель",
    }
}

fn logins(people: &[DemoPerson]) -> String {
    let mut text = format!(
        "Логины примерной школы (пароль у всех один: {PASSWORD}):\n  region        администратор региона\n  municipal     муниципальный сотрудник: {}",
        demo::MUNICIPALITY
    );
    for person in people {
        let class = if person.class_title.is_empty() {
            String::new()
        } else {
            format!(", {}", person.class_title)
        };
        text.push_str(&format!(
            "\n  {:<13} {}: {}{class}",
            login(person.role),
            title(person.role),
            person.name
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_year_turns_in_july() {
        assert_eq!(academic_year(jiff::civil::date(2026, 11, 22)), 2026);
        assert_eq!(academic_year(jiff::civil::date(2027, 6, 30)), 2026);
        assert_eq!(academic_year(jiff::civil::date(2027, 7, 1)), 2027);
    }
}
