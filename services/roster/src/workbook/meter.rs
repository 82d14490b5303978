//! Counting what a file asks for, and stopping it.

use std::{
    cell::Cell,
    io::{self, Read},
};

use super::{
    error::ReadError,
    limits::{Limits, Stats},
};

/// One file's account against its limits.
pub(super) struct Meter<'l> {
    limits: &'l Limits,
    unpacked: Cell<u64>,
    cells: Cell<usize>,
    text: Cell<usize>,
}

impl<'l> Meter<'l> {
    pub(super) fn new(limits: &'l Limits) -> Self {
        Self { limits, unpacked: Cell::new(0), cells: Cell::new(0), text: Cell::new(0) }
    }

    pub(super) fn limits(&self) -> &'l Limits {
        self.limits
    }

    pub(super) fn stats(&self, file_bytes: usize) -> Stats {
        Stats {
            file_bytes,
            unpacked_bytes: self.unpacked.get(),
            cells: self.cells.get(),
            text_bytes: self.text.get(),
        }
    }

    /// One more cell is kept.
    pub(super) fn keep_cell(&self) -> Result<(), ReadError> {
        self.cells.set(self.cells.get() + 1);
        if self.cells.get() > self.limits.cells {
            return Err(ReadError::TooManyCells { limit: self.limits.cells });
        }
        Ok(())
    }

    /// So much more text is kept. One string of the table may stand in every cell: hence the copies
    /// are counted, not the originals only.
    pub(super) fn keep_text(&self, bytes: usize) -> Result<(), ReadError> {
        self.text.set(self.text.get().saturating_add(bytes));
        if self.text.get() > self.limits.text_bytes {
            return Err(ReadError::TooMuchText { limit: self.limits.text_bytes });
        }
        Ok(())
    }
}

/// A stream that is being inflated. It ends with an error as soon as it gives more than the file may
/// inflate to, or more than the directory has declared for this part.
pub(super) struct Metered<'m, R> {
    inner: R,
    meter: &'m Meter<'m>,
    declared: u64,
    given: u64,
}

/// What a [`Metered`] stream ends with, inside the `io::Error`.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Stopped(pub(super) ReadError);

impl<'m, R: Read> Metered<'m, R> {
    pub(super) fn new(inner: R, meter: &'m Meter<'m>, declared: u64) -> Self {
        Self { inner, meter, declared, given: 0 }
    }
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let limit = self.meter.limits.unpacked_bytes;
        // Never more than one byte beyond what is left: enough to know that there is more.
        let left = limit.saturating_sub(self.meter.unpacked.get()).min(self.declared.saturating_sub(self.given));
        let room = usize::try_from(left.saturating_add(1)).unwrap_or(usize::MAX).min(buffer.len());
        let read = self.inner.read(buffer.get_mut(..room).unwrap_or_default())?;
        let bytes = u64::try_from(read).unwrap_or(u64::MAX);
        self.given = self.given.saturating_add(bytes);
        self.meter.unpacked.set(self.meter.unpacked.get().saturating_add(bytes));
        if self.meter.unpacked.get() > limit {
            return Err(io::Error::other(Stopped(ReadError::UnpackedTooLarge { limit })));
        }
        if self.given > self.declared {
            return Err(io::Error::other(Stopped(ReadError::SizeMismatch)));
        }
        Ok(read)
    }
}
