//! Secrets at rest: СНИЛС and uploaded workbooks are sealed, СНИЛС is hashed with a key
//! so that duplicates are found without opening anything (settled question 20).
//!
//! One key of 32 bytes per installation; what it is used for are keys derived from it.

use chassis::ids::Ids;
pub use chassis::seal::DoesNotOpen;
use chassis::seal::{Sealer, keyed};

/// What is sealed; a thing of one kind never opens as another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// СНИЛС of a card.
    Snils,
    /// Workbook of an import.
    Workbook,
}

/// Seals, opens and hashes.
#[derive(Clone)]
pub struct Vault {
    snils: Sealer,
    workbook: Sealer,
    hash: [u8; 32],
}

impl Vault {
    /// With the installation's key.
    pub fn new(key: [u8; 32]) -> Self {
        Self {
            snils: Sealer::new(&key, b"roster snils 1"),
            workbook: Sealer::new(&key, b"roster workbook 1"),
            hash: keyed(&key, b"roster snils hash 1", b""),
        }
    }

    /// Seals `plain` for `owner` (an id): it opens for no other.
    pub fn seal(
        &self,
        kind: Kind,
        owner: &str,
        plain: &[u8],
        ids: &Ids,
    ) -> Result<Vec<u8>, DoesNotOpen> {
        self.sealer(kind).seal(owner, plain, ids)
    }

    /// Opens what was sealed for `owner`.
    pub fn open(&self, kind: Kind, owner: &str, sealed: &[u8]) -> Result<Vec<u8>, DoesNotOpen> {
        self.sealer(kind).open(owner, sealed)
    }

    /// The same for the same eleven digits, and of no use without the key.
    pub fn snils_hash(&self, digits: &str) -> Vec<u8> {
        keyed(&self.hash, b"snils", digits.as_bytes()).to_vec()
    }

    fn sealer(&self, kind: Kind) -> &Sealer {
        match kind {
            Kind::Snils => &self.snils,
            Kind::Workbook => &self.workbook,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_for_its_owner_only() {
        let vault = Vault::new([7; 32]);
        let sealed = vault
            .seal(Kind::Snils, "per_1", b"11223344595", &Ids::seeded(1))
            .unwrap();
        assert_eq!(
            vault.open(Kind::Snils, "per_1", &sealed).unwrap(),
            b"11223344595"
        );
        assert_eq!(vault.open(Kind::Snils, "per_2", &sealed), Err(DoesNotOpen));
        assert_eq!(
            vault.open(Kind::Workbook, "per_1", &sealed),
            Err(DoesNotOpen)
        );
        assert_eq!(
            Vault::new([8; 32]).open(Kind::Snils, "per_1", &sealed),
            Err(DoesNotOpen)
        );
    }

    #[test]
    fn a_changed_or_cut_seal_does_not_open() {
        let vault = Vault::new([7; 32]);
        let sealed = vault
            .seal(Kind::Workbook, "imp_1", b"PK..", &Ids::seeded(1))
            .unwrap();
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(
                vault.open(Kind::Workbook, "imp_1", &changed),
                Err(DoesNotOpen),
                "byte {at}"
            );
            assert_eq!(
                vault.open(Kind::Workbook, "imp_1", &sealed[..at]),
                Err(DoesNotOpen),
                "cut at {at}"
            );
        }
    }

    #[test]
    fn the_plain_digits_are_nowhere_in_what_is_stored() {
        let vault = Vault::new([7; 32]);
        let sealed = vault
            .seal(Kind::Snils, "per_1", b"11223344595", &Ids::seeded(1))
            .unwrap();
        assert!(!sealed.windows(5).any(|w| w == b"11223"));
        assert_eq!(
            vault.snils_hash("11223344595"),
            vault.snils_hash("11223344595")
        );
        assert_ne!(
            vault.snils_hash("11223344595"),
            Vault::new([8; 32]).snils_hash("11223344595")
        );
    }
}
