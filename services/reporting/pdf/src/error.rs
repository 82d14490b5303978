//! What can go wrong between data and PDF. No message carries data of the form.

/// The typesetter needs up to 20 KB of memory for each cell: this bounds a render at about 400 MB.
pub const MOST_CELLS: usize = 20_000;

/// Why a form did not become a PDF.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// The form's data contradict themselves; says where and how.
    #[error("the form is malformed: {0}")]
    Form(String),
    /// More than one print may hold; such lists belong into a spreadsheet.
    #[error("{cells} cells are more than the {MOST_CELLS} that one print may have")]
    TooLarge {
        /// Cells asked for.
        cells: usize,
    },
    /// A link does not fit into a QR code.
    #[error("slip {slip}: the link does not fit into a QR code")]
    Qr {
        /// Number of the slip, from 1.
        slip: usize,
    },
    /// A font or template compiled into the binary cannot be read.
    #[error("built-in {0} cannot be read")]
    Asset(&'static str),
    /// The template failed on this data.
    #[error("typesetting failed: {0}")]
    Typesetting(String),
    /// The pages could not be written as an archival, tagged PDF.
    #[error("PDF export failed: {0}")]
    Export(String),
}

/// Refuses what would take too much memory.
pub(crate) fn bounded(rows: usize, columns: usize) -> Result<(), PdfError> {
    let cells = rows.saturating_mul(columns);
    if cells > MOST_CELLS {
        Err(PdfError::TooLarge { cells })
    } else {
        Ok(())
    }
}
