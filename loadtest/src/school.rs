//! A school as its people see it over HTTP: who can log in, what they may write.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use chassis::clock::Clock;
use identity::bootstrap::{Holder, LoadAccount};
use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::time::Instant;

use crate::accounts::{self, PASSWORD};
use crate::http::Browser;
use crate::settings::Settings;

const ADMINISTRATOR: &str = "load.admin";
/// Longest wait until copies of a new school have arrived everywhere.
const ARRIVAL: Duration = Duration::from_secs(300);
/// Days of a page, which may not have more, and how many of them are past.
const PAGE_DAYS: i32 = 120;
const DAYS_BACK: i32 = 110;

/// A school with people who are logged in.
#[derive(Debug)]
pub struct School {
    /// Its id.
    pub id: String,
    /// Administrator of the region.
    pub administrator: Browser,
    /// Director of the school.
    pub director: Browser,
    /// Teachers by card.
    pub teachers: BTreeMap<String, Browser>,
    /// Pupils by card.
    pub pupils: BTreeMap<String, Browser>,
    /// First day that is filled.
    pub from: Date,
    /// Today.
    pub today: Date,
    /// Last day of a journal page.
    pub to: Date,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SchoolRow {
    school_id: String,
    #[serde(default)]
    time_zone: String,
    #[serde(default)]
    state: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct StaffRow {
    person_id: String,
    #[serde(default)]
    duties: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PupilRow {
    pupil_id: String,
}

/// A journal.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Journal {
    /// Id.
    pub journal_id: String,
    /// Title of the group.
    #[serde(default)]
    pub group_title: String,
    /// Title of the subject.
    #[serde(default)]
    pub subject_title: String,
    /// Who teaches it.
    #[serde(default)]
    pub teacher_ids: Vec<String>,
}

/// A page of a journal.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Page {
    /// Lessons.
    #[serde(default)]
    pub columns: Vec<Column>,
    /// Pupils.
    #[serde(default)]
    pub rows: Vec<Row>,
    /// Nobody gets marks here.
    #[serde(default)]
    pub without_marks: bool,
}

/// A lesson.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Column {
    /// Id.
    pub lesson_id: String,
    /// Date.
    pub date: String,
    /// What the clocks allow.
    #[serde(default)]
    pub window: String,
    /// The caller may write here.
    #[serde(default)]
    pub own: bool,
}

/// A pupil.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// Card.
    pub pupil_id: String,
    /// First day in the group.
    #[serde(default)]
    pub member_from: String,
    /// Last day in the group.
    #[serde(default)]
    pub member_to: String,
    /// Days on which the journal is kept on paper.
    #[serde(default)]
    pub paper_periods: Vec<serde::de::IgnoredAny>,
    /// Cells that hold something.
    #[serde(default)]
    pub cells: Vec<Cell>,
}

/// A cell that holds something.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cell {
    /// Lesson.
    pub lesson_id: String,
    /// Marks.
    #[serde(default)]
    pub marks: Vec<Mark>,
}

/// A mark of a cell.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Mark {
    /// Place in the cell.
    pub slot: u32,
    /// As written.
    pub value: String,
    /// Comment.
    #[serde(default)]
    pub comment: String,
    /// ProtoJSON writes 64 bits as text.
    #[serde(default)]
    pub revision: String,
}

impl School {
    /// Makes accounts for the staff and some pupils of the first school and logs
    /// them in, once what grading needs has arrived.
    pub async fn enter(
        settings: &Settings,
        http: SocketAddr,
        pupils: usize,
    ) -> anyhow::Result<Self> {
        let mut administrator = administrator(settings, http).await?;
        let school = eventually("an active school", async || {
            active(&mut administrator).await
        })
        .await?;
        let id = school.school_id;
        let staff: Vec<StaffRow> = pages(
            &mut administrator,
            &format!("/v1/schools/{id}/staff?"),
            "staff",
        )
        .await?;
        let some = format!("/v1/schools/{id}/pupils?pageSize={}", pupils.clamp(1, 500));
        let pupils: Vec<PupilRow> = field(administrator.read(&some).await?, "pupils")?;
        let director = staff
            .iter()
            .find(|s| s.duties.iter().any(|d| d == "DUTY_DIRECTOR"));
        let director = director
            .context("the school has no director")?
            .person_id
            .clone();

        let staff: Vec<String> = staff.into_iter().map(|s| s.person_id).collect();
        let pupils: Vec<String> = pupils.into_iter().map(|p| p.pupil_id).collect();
        accounts::make(settings, &cards(&id, &staff, &pupils)?)
            .await
            .or_else(already)?;
        let mut teachers = BTreeMap::new();
        for (at, card) in staff.iter().enumerate() {
            teachers.insert(card.clone(), log_in(http, &staff_login(at)).await?);
        }
        let mut families = BTreeMap::new();
        for (at, card) in pupils.iter().enumerate() {
            families.insert(card.clone(), log_in(http, &pupil_login(at)).await?);
        }
        let zone = TimeZone::get(&school.time_zone).unwrap_or(TimeZone::UTC);
        let today = Clock::system().today(&zone);
        let from = today.checked_sub(DAYS_BACK.days())?;
        let to = from.checked_add((PAGE_DAYS - 1).days())?;
        let director = teachers[&director].clone();
        Ok(Self {
            id,
            administrator,
            director,
            teachers,
            pupils: families,
            from,
            today,
            to,
        })
    }

    /// Journals that a browser may open, once there are any.
    pub async fn journals(&self, browser: &mut Browser) -> anyhow::Result<Vec<Journal>> {
        let path = format!("/v1/schools/{}/journals?", self.id);
        pages(browser, &path, "journals").await
    }

    /// Path of a journal's page: the filled days and a few to come.
    pub fn page_path(&self, journal: &str) -> String {
        format!(
            "/v1/schools/{}/journals/{journal}/page?from={}&to={}",
            self.id, self.from, self.to
        )
    }

    /// A journal's page.
    pub async fn page(&self, browser: &mut Browser, journal: &str) -> anyhow::Result<Page> {
        field(browser.read(&self.page_path(journal)).await?, "page")
    }
}

async fn administrator(settings: &Settings, http: SocketAddr) -> anyhow::Result<Browser> {
    let mut browser = Browser::new(http)?;
    if browser.log_in(ADMINISTRATOR, PASSWORD).await.is_err() {
        let account = LoadAccount {
            login: ADMINISTRATOR.to_owned(),
            holder: Holder::Region,
        };
        accounts::make(settings, &[account]).await?;
        browser.log_in(ADMINISTRATOR, PASSWORD).await?;
    }
    Ok(browser)
}

async fn active(administrator: &mut Browser) -> anyhow::Result<Option<SchoolRow>> {
    let schools: Vec<SchoolRow> = field(administrator.read("/v1/schools").await?, "schools")?;
    Ok(schools
        .into_iter()
        .find(|s| s.state == "SCHOOL_STATE_ACTIVE"))
}

fn staff_login(at: usize) -> String {
    format!("load.staff.{at}")
}

fn pupil_login(at: usize) -> String {
    format!("load.pupil.{at}")
}

fn cards(school: &str, staff: &[String], pupils: &[String]) -> anyhow::Result<Vec<LoadAccount>> {
    let school = school.parse()?;
    let staff = staff.iter().enumerate().map(|(at, person)| {
        let person = person.parse()?;
        Ok(LoadAccount {
            login: staff_login(at),
            holder: Holder::Staff { school, person },
        })
    });
    let pupils = pupils.iter().enumerate().map(|(at, person)| {
        let person = person.parse()?;
        Ok(LoadAccount {
            login: pupil_login(at),
            holder: Holder::Pupil { school, person },
        })
    });
    staff.chain(pupils).collect()
}

/// A kept installation has the accounts of the run before.
fn already(error: anyhow::Error) -> anyhow::Result<()> {
    let text = format!("{error:#}").to_lowercase();
    if text.contains("unique") {
        Ok(())
    } else {
        Err(error)
    }
}

/// Identity hears of a new person a moment after roster.
async fn log_in(http: SocketAddr, login: &str) -> anyhow::Result<Browser> {
    let mut browser = Browser::new(http)?;
    let mut why = None;
    let opened = eventually("a log-in", async || {
        match browser.log_in(login, PASSWORD).await {
            Ok(()) => Ok(Some(())),
            Err(error) => {
                why = Some(error);
                Ok(None)
            }
        }
    });
    let opened = opened.await;
    match (opened, why) {
        (Ok(()), _) => Ok(browser),
        (Err(_), Some(error)) => Err(error.context(format!("{login} cannot log in"))),
        (Err(error), None) => Err(error),
    }
}

/// Asks until there is something, within [`ARRIVAL`].
pub async fn eventually<T>(
    what: &str,
    mut ask: impl AsyncFnMut() -> anyhow::Result<Option<T>>,
) -> anyhow::Result<T> {
    let deadline = Instant::now() + ARRIVAL;
    while Instant::now() < deadline {
        if let Some(found) = ask().await? {
            return Ok(found);
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    anyhow::bail!("{what} did not appear within {ARRIVAL:?}")
}

/// A field of an answer; absent = the default, as ProtoJSON leaves it out.
pub fn field<T: DeserializeOwned + Default>(
    mut answer: serde_json::Value,
    name: &str,
) -> anyhow::Result<T> {
    match answer.get_mut(name).map(serde_json::Value::take) {
        Some(value) => Ok(serde_json::from_value(value)?),
        None => Ok(T::default()),
    }
}

/// All pages of a list; `path` ends with `?` or `&`.
async fn pages<T: DeserializeOwned>(
    browser: &mut Browser,
    path: &str,
    name: &str,
) -> anyhow::Result<Vec<T>> {
    let mut all = Vec::new();
    let mut token = String::new();
    loop {
        let mut answer: serde_json::Value = browser
            .read(&format!("{path}pageSize=500&pageToken={token}"))
            .await?;
        let next: String = field(answer.clone(), "nextPageToken")?;
        let rows: Vec<T> = match answer.get_mut(name).map(serde_json::Value::take) {
            Some(rows) => serde_json::from_value(rows)?,
            None => Vec::new(),
        };
        all.extend(rows);
        if next.is_empty() {
            return Ok(all);
        }
        token = next;
    }
}
