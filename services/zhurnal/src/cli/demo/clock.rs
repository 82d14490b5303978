//! A clock that can be put back.

use std::sync::{Arc, Mutex, PoisonError};

use chassis::clock::{Clock, NowSource};
use jiff::Timestamp;

/// The machine's clock; put back while the demo school lives through its last weeks, so
/// that what its teachers enter is entered in time.
#[derive(Clone)]
pub struct DemoClock {
    machine: Clock,
    put_back_to: Arc<Mutex<Option<Timestamp>>>,
}

impl DemoClock {
    /// Shows the machine's time.
    pub fn new() -> Self {
        Self {
            machine: Clock::system(),
            put_back_to: Arc::default(),
        }
    }

    /// Stands at an instant of the past.
    pub fn put_back_to(&self, at: Timestamp) {
        *self
            .put_back_to
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(at);
    }

    /// Goes with the machine again.
    pub fn let_go(&self) {
        *self
            .put_back_to
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl NowSource for DemoClock {
    fn now(&self) -> Timestamp {
        let put_back = *self
            .put_back_to
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        put_back.unwrap_or_else(|| self.machine.now())
    }
}
