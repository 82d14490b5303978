//! The print forms of Zhurnal as PDF: class report, sheets of invitation codes, plain tables.
//!
//! A form is data: [`render`] hands it to a template compiled into the binary, as values and never
//! as template source, so that no name can run as a command. Equal input gives equal bytes; the
//! only clock is the one in [`Imprint`]. Files are PDF/A-2a and PDF/UA-1 (tagged, searchable,
//! fonts inside).
//!
//! Rendering is CPU work of tens to hundreds of milliseconds: call it from a blocking thread and
//! bound how many run at once. Fonts and templates are read at the first call, not at start.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod class_report;
mod engine;
mod error;
mod fonts;
mod imprint;
mod invitations;
mod mean;
mod qr;
mod russian;
mod table;
#[cfg(test)]
mod tests;
mod text;

#[cfg(test)]
extern crate self as reporting_pdf;

pub use class_report::{Absences, Cell, ClassReport, Pupil, Summary};
pub use error::{MOST_CELLS, PdfError};
pub use imprint::{Imprint, LedgerCheck, Signature};
pub use invitations::{InvitationSheet, Slip};
pub use mean::Mean;
pub use table::{Align, Column, Orientation, Row, TableReport};

/// A print form, ready to be rendered.
#[derive(Debug, Clone)]
pub enum Document {
    /// Сводная ведомость успеваемости и посещаемости класса за период (R68, R176).
    ClassReport(ClassReport),
    /// Slips with invitation codes, to cut and hand over (R83, R84, R136).
    Invitations(InvitationSheet),
    /// Any other report that is a table, such as the deputy's board (R88–R93).
    Table(TableReport),
}

/// Renders a form to the bytes of a PDF file.
///
/// # Errors
/// [`PdfError::Form`] when the data contradict themselves (a row with too few cells, no columns),
/// [`PdfError::TooLarge`] beyond [`MOST_CELLS`], [`PdfError::Qr`] for a link too long to draw; the
/// other variants are faults of this crate.
pub fn render(document: &Document) -> Result<Vec<u8>, PdfError> {
    engine::render(document.form()?)
}

impl Document {
    fn form(&self) -> Result<engine::Form<'_>, PdfError> {
        match self {
            Self::ClassReport(report) => report.form(),
            Self::Invitations(sheet) => sheet.form(),
            Self::Table(report) => report.form(),
        }
    }
}
