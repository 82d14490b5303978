//! Writes one of each form into a folder, with the time it took: `samples DIR [NAME]`.
#![allow(clippy::print_stdout, clippy::expect_used)]

mod data;

use std::path::PathBuf;
use std::time::Instant;

use reporting_pdf::{Document, render};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("usage: samples DIR [NAME]")?);
    std::fs::create_dir_all(&folder)?;
    let forms = [
        (
            "class-30x20",
            Document::ClassReport(data::class_report(30, 20, true)),
        ),
        (
            "class-30x20-open",
            Document::ClassReport(data::class_report(30, 20, false)),
        ),
        (
            "class-45x24",
            Document::ClassReport(data::class_report(45, 24, true)),
        ),
        (
            "class-28x32",
            Document::ClassReport(data::class_report(28, 32, true)),
        ),
        (
            "invitations-19",
            Document::Invitations(data::invitations(19)),
        ),
        (
            "invitations-90",
            Document::Invitations(data::invitations(90)),
        ),
        ("table-25", Document::Table(data::table(25))),
        ("table-600", Document::Table(data::table(600))),
    ];
    let only = std::env::args().nth(2);
    for (name, form) in forms {
        if only.as_deref().is_some_and(|only| only != name) {
            continue;
        }
        let start = Instant::now();
        let bytes = render(&form)?;
        println!(
            "{name:18} {:7.0} ms {:6} KB",
            start.elapsed().as_secs_f64() * 1e3,
            bytes.len() / 1024
        );
        std::fs::write(folder.join(name).with_extension("pdf"), bytes)?;
    }
    Ok(())
}
