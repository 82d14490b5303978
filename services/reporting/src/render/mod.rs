//! The summary sheet as files: spreadsheet, print form, open data. All three say the
//! same numbers, rounded in one place.

mod csv;
mod pdf;
#[cfg(test)]
mod sample;
mod xlsx;

use jiff::Zoned;

use crate::domain::class_summary::ClassSummary;

pub use self::csv::csv;
pub use pdf::pdf;
pub use xlsx::xlsx;

/// While there are no period results.
pub const PRELIMINARY: &str = "предварительно";

/// The sheet with what stands above and below it.
#[derive(Debug, Clone)]
pub struct ClassSheet {
    /// Full title of the school.
    pub school: String,
    /// Municipality.
    pub place: String,
    /// Title of the class.
    pub class: String,
    /// `1 четверть (01.09.2026 – 14.10.2026), предварительно`.
    pub period: String,
    /// Surname and initials of the class teacher; empty = none.
    pub class_teacher: String,
    /// Up to when the facts are complete, in the school's zone.
    pub as_of: Zoned,
    /// When it was made, in the school's zone.
    pub made_at: Zoned,
    /// Newest witnessed root of the ledger with what it covers.
    pub ledger: Option<(String, String)>,
    /// The figures.
    pub summary: ClassSummary,
}

/// `14.10.2026 08:30`.
fn moment(at: &Zoned) -> String {
    at.strftime("%d.%m.%Y %H:%M").to_string()
}

/// Why a file could not be made.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The spreadsheet.
    #[error("xlsx: {0}")]
    Xlsx(#[from] rust_xlsxwriter::XlsxError),
    /// The print form.
    #[error("pdf: {0}")]
    Pdf(#[from] reporting_pdf::PdfError),
    /// The open data.
    #[error("csv: {0}")]
    Csv(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[ignore = "writes files to look at into the folder ZHURNAL_SAMPLES"]
    fn samples_to_look_at() {
        let folder = std::env::var("ZHURNAL_SAMPLES").expect("ZHURNAL_SAMPLES");
        let sheet = sample::large();
        let write =
            |name: &str, bytes: Vec<u8>| std::fs::write(format!("{folder}/{name}"), bytes).unwrap();
        write("report.xlsx", xlsx(&sheet).unwrap());
        write("report.pdf", pdf(&sheet).unwrap());
        write("report.csv", csv(&sheet).unwrap());
    }
}
