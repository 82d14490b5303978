//! Figures as evidence: a line of JSON each in `docs/evidence/figures.jsonl`.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;
use chassis::clock::Clock;
use serde::Serialize;

use crate::output::print;

/// One measured figure.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    /// Stable name, e.g. `mark save / pgbench`.
    pub name: String,
    /// Value, rounded to what the measurement can tell.
    pub value: f64,
    /// `ratio`, `ms`, `MB`, `statements`, …
    pub unit: String,
}

#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    figure: &'a Figure,
    command: &'a str,
    commit: &'a str,
    date: String,
}

/// Collects the figures of a run; prints each.
#[derive(Debug, Default)]
pub struct Figures {
    taken: Vec<Figure>,
}

impl Figures {
    /// Takes a figure down.
    pub fn take(&mut self, name: impl Into<String>, value: f64, unit: &str) {
        let figure = Figure {
            name: name.into(),
            value: rounded(value),
            unit: unit.to_owned(),
        };
        print(format!(
            "{:<58} {:>12} {}",
            figure.name, figure.value, figure.unit
        ));
        self.taken.push(figure);
    }

    /// Value of a figure taken before.
    pub fn get(&self, name: &str) -> Option<f64> {
        self.taken.iter().find(|f| f.name == name).map(|f| f.value)
    }

    /// Appends all of them to the file.
    pub fn record(&self, file: &Path, command: &str) -> anyhow::Result<()> {
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let commit = commit();
        let date = Clock::system()
            .now()
            .strftime("%Y-%m-%dT%H:%M:%SZ")
            .to_string();
        let mut text = String::new();
        for figure in &self.taken {
            let date = date.clone();
            let (commit, command) = (commit.as_str(), command);
            let line = Line {
                figure,
                command,
                commit,
                date,
            };
            text.push_str(&serde_json::to_string(&line)?);
            text.push('\n');
        }
        let mut options = OpenOptions::new();
        let file = options.create(true).append(true).open(file);
        file?
            .write_all(text.as_bytes())
            .context("writing the figures")
    }
}

/// Three significant digits and no more than three decimals.
fn rounded(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return 0.0;
    }
    let digits = 2 - value.abs().log10().floor() as i32;
    let scale = 10f64.powi(digits.clamp(0, 3));
    (value * scale).round() / scale
}

/// The commit that is checked out; `-dirty` when tracked files differ from it.
fn commit() -> String {
    let git = |arguments: &[&str]| {
        let output = Command::new("git").args(arguments).output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        output.status.success().then(|| text.trim().to_owned())
    };
    git(&[
        "describe",
        "--always",
        "--dirty",
        "--abbrev=12",
        "--exclude=*",
    ])
    .unwrap_or_else(|| "unknown".to_owned())
}

/// The file of the repository that we run in, found upwards from here.
pub fn evidence() -> anyhow::Result<PathBuf> {
    let here = std::env::current_dir()?;
    let root = here
        .ancestors()
        .find(|folder| folder.join("docs/evidence").is_dir());
    let root = root.context("no docs/evidence above this folder: run in the repository")?;
    Ok(root.join("docs/evidence/figures.jsonl"))
}

/// The middle of the values.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => sorted[n / 2],
        n => f64::midpoint(sorted[n / 2 - 1], sorted[n / 2]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_rounds_is_the_middle_one() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), 2.5);
        assert!(median(&[]).is_nan());
    }

    #[test]
    fn figures_are_rounded_to_what_can_be_told() {
        assert_eq!(rounded(0.712_345), 0.712);
        assert_eq!(rounded(1234.56), 1235.0);
        assert_eq!(rounded(12.345), 12.3);
        assert_eq!(rounded(0.0), 0.0);
    }

    #[test]
    fn a_run_appends_one_line_for_each_figure() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("evidence/figures.jsonl");
        let mut figures = Figures::default();
        figures.take("mark save / pgbench", 0.7123, "ratio");
        figures.take("commits of a class save", 1.0, "commits");
        figures.record(&file, "make load").unwrap();
        figures.record(&file, "make load").unwrap();
        let text = std::fs::read_to_string(&file).unwrap();
        assert_eq!(text.lines().count(), 4);
        let first: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
        assert_eq!(first["name"], "mark save / pgbench");
        assert_eq!(first["value"], 0.712);
        assert_eq!(first["command"], "make load");
        let mut keys: Vec<&String> = first.as_object().unwrap().keys().collect();
        keys.sort();
        assert_eq!(keys, ["command", "commit", "date", "name", "unit", "value"]);
        assert_eq!(figures.get("commits of a class save"), Some(1.0));
    }
}
