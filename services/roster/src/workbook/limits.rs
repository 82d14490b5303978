//! How much a file may ask for. The figures are stated before an upload.

/// Limits of one file. A school of 1,100 pupils needs 0.2 MB, 2.2 MB unpacked and 36 thousand cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub file_bytes: usize,
    /// Bytes that may be inflated from it, all parts together.
    pub unpacked_bytes: u64,
    /// Parts in its directory.
    pub parts: usize,
    /// Sheets.
    pub sheets: usize,
    /// The highest row that may hold something.
    pub last_row: u32,
    /// The rightmost column that may hold something, from 1.
    pub last_column: u16,
    /// Cells that hold something, all sheets together.
    pub cells: usize,
    /// Strings in the table of strings.
    pub strings: usize,
    /// Bytes of text that is kept, the table of strings and the cells together.
    pub text_bytes: usize,
    /// Characters in one cell; no spreadsheet stores more than 32,767.
    pub cell_chars: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 16 << 20,
            unpacked_bytes: 64 << 20,
            parts: 1_000,
            sheets: 64,
            last_row: 100_000,
            last_column: 256,
            cells: 500_000,
            strings: 500_000,
            text_bytes: 32 << 20,
            cell_chars: 32_767,
        }
    }
}

/// What reading a file has taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Bytes of the file.
    pub file_bytes: usize,
    /// Bytes inflated from it.
    pub unpacked_bytes: u64,
    /// Cells kept.
    pub cells: usize,
    /// Bytes of text kept.
    pub text_bytes: usize,
}
