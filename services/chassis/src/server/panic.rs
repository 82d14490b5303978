//! A panicking handler answers INTERNAL and takes nobody with it.

use std::any::Any;
use std::cell::RefCell;
use std::panic::AssertUnwindSafe;

use futures::FutureExt as _;
use tonic::Status;

thread_local! {
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Makes panics one log line with their place. Inside a call the line is written
/// where the panic is caught, elsewhere at once. Texts made at run time stay out:
/// they may hold personal data. For binaries; tests keep the default hook.
pub fn install_panic_hook() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        if crate::context::service().is_some() {
            PLACE.with(|p| *p.borrow_mut() = Some(place));
        } else {
            tracing::error!(place, text = literal(info.payload()), "panic");
        }
    }));
}

/// Runs the handler; a panic becomes INTERNAL.
pub(super) async fn catch<T>(
    handler: impl Future<Output = Result<T, Status>>,
) -> Result<T, Status> {
    match AssertUnwindSafe(handler).catch_unwind().await {
        Ok(result) => result,
        Err(panic) => Err(caught(panic.as_ref())),
    }
}

/// Logs a caught panic and makes its answer.
pub(super) fn caught(panic: &(dyn Any + Send)) -> Status {
    let place = PLACE.with(|p| p.borrow_mut().take()).unwrap_or_default();
    tracing::error!(place, text = literal(panic), "handler panicked");
    crate::status::hidden_internal()
}

fn literal(panic: &(dyn Any + Send)) -> &'static str {
    panic.downcast_ref::<&'static str>().copied().unwrap_or("")
}
