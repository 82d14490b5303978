//! Counters of grading. No names, no ids: verdicts and reasons only.

use chassis::telemetry::Metrics;
use opentelemetry::{KeyValue, metrics::Counter};

/// What grading counts.
#[derive(Clone, Debug)]
pub struct Instruments {
    operations: Counter<u64>,
    checkpoints: Counter<u64>,
    forged: Counter<u64>,
}

impl Instruments {
    /// On the process's meter.
    pub fn new(metrics: &Metrics) -> Instruments {
        let meter = metrics.meter("grading");
        Instruments {
            operations: meter
                .u64_counter("grading.operations")
                .with_description(
                    "Operations on cells, by verdict or reason of refusal (R33: blocked attempts)",
                )
                .build(),
            checkpoints: meter
                .u64_counter("grading.ledger.checkpoints")
                .with_description("Signed checkpoints")
                .build(),
            forged: meter
                .u64_counter("grading.ledger.forged")
                .with_description("Ledger rows without the service's seal, left out of checkpoints")
                .build(),
        }
    }

    /// One operation with its outcome: a verdict or a reason.
    pub fn operation(&self, outcome: &str) {
        self.operations
            .add(1, &[KeyValue::new("outcome", outcome.to_owned())]);
    }

    /// Checkpoints were signed.
    pub fn checkpoints(&self, count: usize) {
        self.checkpoints.add(count as u64, &[]);
    }

    /// Rows were found that this service did not write.
    pub fn forged(&self, count: usize) {
        self.forged.add(count as u64, &[]);
    }
}
