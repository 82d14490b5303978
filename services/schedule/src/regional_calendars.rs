//! Regional calendars: data files of public and regional days off, versioned, one
//! academic year each. The shipped ones may be overruled by a higher version from
//! a folder, so that a new decree needs no new build.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::civil::{Date, Weekday};
use serde::Deserialize;

use crate::domain::academic_year::AcademicYear;
use crate::domain::calendar::{DayOff, DayOffSource, StudyWeek};

/// Files in the binary, by name.
const SHIPPED: &[(&str, &str)] = &[
    (
        "regional-calendar-2026-2027.toml",
        include_str!("../data/regional-calendar-2026-2027.toml"),
    ),
    (
        "regional-calendar-2027-2028.toml",
        include_str!("../data/regional-calendar-2027-2028.toml"),
    ),
];

/// Why a calendar cannot be used: the service must not start with it.
#[derive(Debug, thiserror::Error)]
pub enum CalendarFileError {
    /// The folder or a file cannot be read.
    #[error("{0}: {1}")]
    Unreadable(PathBuf, #[source] std::io::Error),
    /// The file is not what it should be.
    #[error("{0}: {1}")]
    Malformed(String, #[source] toml::de::Error),
    /// The file says something that cannot be.
    #[error("{0}: {1}")]
    Unsound(String, String),
    /// Two files of one year have the same version.
    #[error("{0}: version {1} of {2} is there already")]
    Twice(String, u32, AcademicYear),
}

/// The regional calendar of one academic year.
#[derive(Debug, Clone)]
pub struct RegionalCalendar {
    /// Version of the data; kept beside every plan that was counted with it.
    pub version: u32,
    days: Vec<Day>,
}

impl RegionalCalendar {
    /// Days off of a school with this study week.
    pub fn days_off(&self, week: StudyWeek) -> Vec<DayOff> {
        let holds = |day: &&Day| day.study_week_days.is_none_or(|days| days == week.days());
        self.days.iter().filter(holds).map(Day::day_off).collect()
    }
}

/// The newest calendar of each year.
#[derive(Debug, Clone, Default)]
pub struct RegionalCalendars {
    by_year: BTreeMap<AcademicYear, RegionalCalendar>,
}

impl RegionalCalendars {
    /// The shipped calendars and those of `folder`; per year the highest version wins.
    pub fn load(folder: Option<&Path>) -> Result<Self, CalendarFileError> {
        let mut all = Self::default();
        for (name, text) in SHIPPED {
            all.add(name, text)?;
        }
        for path in folder.map(files).transpose()?.unwrap_or_default() {
            let text = std::fs::read_to_string(&path)
                .map_err(|e| CalendarFileError::Unreadable(path.clone(), e))?;
            all.add(&path.display().to_string(), &text)?;
        }
        Ok(all)
    }

    /// The calendar of a year.
    pub fn of(&self, year: AcademicYear) -> Option<&RegionalCalendar> {
        self.by_year.get(&year)
    }

    fn add(&mut self, name: &str, text: &str) -> Result<(), CalendarFileError> {
        let file: File =
            toml::from_str(text).map_err(|e| CalendarFileError::Malformed(name.to_owned(), e))?;
        let year: AcademicYear = file.academic_year.parse().map_err(|_| {
            CalendarFileError::Unsound(name.to_owned(), "academic_year is not YYYY/YYYY".into())
        })?;
        file.check(year)
            .map_err(|what| CalendarFileError::Unsound(name.to_owned(), what))?;
        match self.by_year.get(&year) {
            Some(known) if known.version == file.version => {
                return Err(CalendarFileError::Twice(
                    name.to_owned(),
                    file.version,
                    year,
                ));
            }
            Some(known) if known.version > file.version => {}
            _ => {
                self.by_year.insert(
                    year,
                    RegionalCalendar {
                        version: file.version,
                        days: file.day,
                    },
                );
            }
        }
        Ok(())
    }
}

/// `regional-calendar-*.toml` of the folder, by name.
fn files(folder: &Path) -> Result<Vec<PathBuf>, CalendarFileError> {
    let unreadable = |e| CalendarFileError::Unreadable(folder.to_owned(), e);
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        if name.starts_with("regional-calendar-") && name.ends_with(".toml") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    region: String,
    academic_year: String,
    version: u32,
    day: Vec<Day>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Day {
    date: Date,
    title: String,
    kind: Kind,
    /// The holiday on a weekend that this day stands for.
    moved_from: Option<Date>,
    /// Only for schools with a study week of so many days.
    study_week_days: Option<u8>,
    /// Act that makes it a day off.
    basis: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Public,
    Moved,
    Regional,
}

impl Day {
    fn day_off(&self) -> DayOff {
        DayOff {
            date: self.date,
            title: self.title.clone(),
            source: DayOffSource::Regional,
        }
    }

    fn check(&self, year: AcademicYear) -> Result<(), &'static str> {
        let weekend = |day: Date| matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        if !year.contains(self.date) {
            return Err("is outside the academic year");
        }
        if self.title.trim().is_empty() || self.basis.trim().is_empty() {
            return Err("needs a title and a basis");
        }
        if self
            .study_week_days
            .is_some_and(|days| StudyWeek::of_days(days.into()).is_none())
        {
            return Err("study_week_days is 5 or 6");
        }
        match (self.kind, self.moved_from) {
            (Kind::Moved, None) => Err("is moved: from which day?"),
            (Kind::Moved, Some(from)) if !weekend(from) => Err("moved_from is no weekend"),
            (Kind::Public | Kind::Regional, Some(_)) => Err("only a moved day has moved_from"),
            _ => Ok(()),
        }
    }
}

impl File {
    fn check(&self, year: AcademicYear) -> Result<(), String> {
        if self.region.trim().is_empty() || self.version == 0 {
            return Err("region and a version from 1 are needed".into());
        }
        for (at, day) in self.day.iter().enumerate() {
            day.check(year)
                .map_err(|what| format!("{} {what}", day.date))?;
            if self.day[..at]
                .iter()
                .any(|earlier| earlier.date == day.date)
            {
                return Err(format!("{} is there twice", day.date));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
