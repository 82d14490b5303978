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
        Self {
            limits,
            unpacked: Cell::new(0),
            cells: Cell::new(0),
            text: Cell::new(0),
        }
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
            return Err(ReadError::TooManyCells {
                limit: self.limits.cells,
            });
        }
        Ok(())
    }

    /// So much more text is kept. One string of the table may stand in every cell: hence the copies
    /// are counted, not the originals only.
    pub(super) fn keep_text(&self, bytes: usize) -> Result<(), ReadError> {
        self.text.set(self.text.get().saturating_add(bytes));
        if self.text.get() > self.limits.text_bytes {
            return Err(ReadError::TooMuchText {
                limit: self.limits.text_bytes,
            });
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

/// Why a stream ended with an error.
pub(super) fn why(error: &io::Error) -> ReadError {
    match error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<Stopped>())
    {
        Some(Stopped(reason)) => reason.clone(),
        None => ReadError::damaged("архив обрывается или испорчен"),
    }
}

impl<'m, R: Read> Metered<'m, R> {
    pub(super) fn new(inner: R, meter: &'m Meter<'m>, declared: u64) -> Self {
        Self {
            inner,
            meter,
            declared,
            given: 0,
        }
    }
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let limit = self.meter.limits.unpacked_bytes;
        // Never more than one byte beyond what is left: enough to know that there is more.
        let left = limit
            .saturating_sub(self.meter.unpacked.get())
            .min(self.declared.saturating_sub(self.given));
        let room = usize::try_from(left.saturating_add(1))
            .unwrap_or(usize::MAX)
            .min(buffer.len());
        let read = self
            .inner
            .read(buffer.get_mut(..room).unwrap_or_default())?;
        let bytes = u64::try_from(read).unwrap_or(u64::MAX);
        self.given = self.given.saturating_add(bytes);
        self.meter
            .unpacked
            .set(self.meter.unpacked.get().saturating_add(bytes));
        if self.meter.unpacked.get() > limit {
            return Err(io::Error::other(Stopped(ReadError::UnpackedTooLarge {
                limit,
            })));
        }
        if self.given > self.declared {
            return Err(io::Error::other(Stopped(ReadError::damaged(
                "часть больше, чем заявлено в оглавлении",
            ))));
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drain(meter: &Meter<'_>, declared: u64) -> (usize, ReadError) {
        let mut stream = Metered::new(io::repeat(b' '), meter, declared);
        let (mut given, mut buffer) = (0, [0; 4096]);
        loop {
            match stream.read(&mut buffer) {
                Ok(bytes) => given += bytes,
                Err(error) => {
                    let stopped = error
                        .get_ref()
                        .and_then(|e| e.downcast_ref::<Stopped>())
                        .unwrap();
                    return (given, stopped.0.clone());
                }
            }
        }
    }

    #[test]
    fn an_endless_stream_ends_at_the_limit_of_the_file() {
        let limits = Limits {
            unpacked_bytes: 10_000,
            ..Limits::default()
        };
        let meter = Meter::new(&limits);
        let (given, error) = drain(&meter, u64::MAX);
        assert_eq!(error, ReadError::UnpackedTooLarge { limit: 10_000 });
        assert!(given <= 10_000 && meter.stats(0).unpacked_bytes == 10_001);
    }

    #[test]
    fn an_endless_stream_ends_at_what_its_part_has_declared() {
        let limits = Limits::default();
        let meter = Meter::new(&limits);
        let (given, error) = drain(&meter, 5_000);
        assert_eq!(error.code(), "FILE_DAMAGED");
        assert!(given <= 5_000 && meter.stats(0).unpacked_bytes == 5_001);
    }

    #[test]
    fn parts_share_one_limit() {
        let limits = Limits {
            unpacked_bytes: 10_000,
            ..Limits::default()
        };
        let meter = Meter::new(&limits);
        let mut first = Metered::new(io::repeat(b' ').take(9_000), &meter, 9_000);
        assert_eq!(io::copy(&mut first, &mut io::sink()).unwrap(), 9_000);
        let (given, error) = drain(&meter, 9_000);
        assert_eq!(error, ReadError::UnpackedTooLarge { limit: 10_000 });
        assert!(given <= 1_000);
    }
}
