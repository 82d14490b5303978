//! New identifiers and secrets: the only door to randomness.
//!
//! Ids are UUIDv7: sortable by creation, unique without asking a database.
//! A seeded source repeats itself, so a failing test can be run again.

use std::sync::{Arc, Mutex, PoisonError};

use rand::{RngCore, SeedableRng, rngs::StdRng};
use uuid::Uuid;

/// First instant of seeded ids: 1 September 2026, 00:00 UTC, in milliseconds.
const SEEDED_FROM_MS: u64 = 1_788_220_800_000;

/// A cheap handle on a source of ids.
#[derive(Clone)]
pub struct Ids(Source);

#[derive(Clone)]
enum Source {
    Random,
    Seeded(Arc<Mutex<Seeded>>),
}

struct Seeded {
    rng: StdRng,
    count: u64,
}

impl Ids {
    /// Ids from the machine's clock and generator.
    pub fn random() -> Ids {
        Ids(Source::Random)
    }

    /// The same ids for the same seed, in order, one millisecond apart.
    pub fn seeded(seed: u64) -> Ids {
        let rng = StdRng::seed_from_u64(seed);
        Ids(Source::Seeded(Arc::new(Mutex::new(Seeded {
            rng,
            count: 0,
        }))))
    }

    /// A new UUIDv7.
    #[allow(clippy::disallowed_methods, reason = "the one door to random ids")]
    pub fn uuid(&self) -> Uuid {
        match &self.0 {
            Source::Random => Uuid::now_v7(),
            Source::Seeded(seeded) => {
                let mut seeded = seeded.lock().unwrap_or_else(PoisonError::into_inner);
                let mut random = [0; 10];
                seeded.rng.fill_bytes(&mut random);
                seeded.count += 1;
                let millis = SEEDED_FROM_MS + seeded.count;
                uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
            }
        }
    }

    /// `len` bytes nobody can guess (from a seeded source: everybody can).
    pub fn secret(&self, len: usize) -> Vec<u8> {
        let mut bytes = vec![0; len];
        match &self.0 {
            Source::Random => rand::rng().fill_bytes(&mut bytes),
            Source::Seeded(seeded) => {
                let mut seeded = seeded.lock().unwrap_or_else(PoisonError::into_inner);
                seeded.rng.fill_bytes(&mut bytes);
            }
        }
        bytes
    }
}

impl std::fmt::Debug for Ids {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Source::Random => f.write_str("Ids(random)"),
            Source::Seeded(_) => f.write_str("Ids(seeded)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_ids() {
        let (one, two, other) = (Ids::seeded(7), Ids::seeded(7), Ids::seeded(8));
        let first: Vec<Uuid> = (0..5).map(|_| one.uuid()).collect();
        let again: Vec<Uuid> = (0..5).map(|_| two.uuid()).collect();
        assert_eq!(first, again);
        assert_ne!(first[0], other.uuid());
        assert_eq!(one.secret(20), two.secret(20));
    }

    #[test]
    fn ids_sort_in_the_order_they_were_made() {
        for ids in [Ids::seeded(1), Ids::random()] {
            let made: Vec<Uuid> = (0..500).map(|_| ids.uuid()).collect();
            assert!(made.is_sorted());
            assert!(made.iter().all(|id| id.get_version_num() == 7));
        }
    }

    #[test]
    fn secrets_differ_and_have_the_length_asked_for() {
        let ids = Ids::random();
        assert_eq!(ids.secret(20).len(), 20);
        assert_ne!(ids.secret(20), ids.secret(20));
    }
}
