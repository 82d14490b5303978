//! What every print form carries: whose it is, as of when, who signs, and the ledger's check value.

use jiff::Zoned;
use serde_json::{Value, json};

use crate::russian;

/// The common part of the forms that stay in the school's files.
#[derive(Debug, Clone)]
pub struct Imprint {
    /// Full name of the school as in its charter.
    pub school: String,
    /// Municipality or settlement; empty if the name says it.
    pub place: String,
    /// The moment up to which the data are complete, in the school's zone («по состоянию на»).
    pub as_of: Zoned,
    /// The moment of printing, in the school's zone; also the date in the file's metadata.
    pub made_at: Zoned,
    /// Check value of the journal's ledger, printed at the foot of each page.
    pub ledger: Option<LedgerCheck>,
    /// Signature lines under the form, in this order.
    pub signatures: Vec<Signature>,
}

/// A checkpoint of the ledger that the printed data can be checked against.
#[derive(Debug, Clone)]
pub struct LedgerCheck {
    /// Root of the hash tree as text; printed in groups of four characters.
    pub value: String,
    /// What it covers, for example `18 204 записи до 21.11.2026 08:10`.
    pub covers: String,
}

/// One line for a signature by hand.
#[derive(Debug, Clone)]
pub struct Signature {
    /// Post, for example `Классный руководитель`.
    pub post: String,
    /// Surname and initials; empty leaves a line to write on.
    pub name: String,
}

impl Imprint {
    /// The values the templates read under `imprint`.
    pub(crate) fn values(&self) -> Value {
        json!({
            "school": self.school,
            "place": self.place,
            "as_of": russian::moment(&self.as_of),
            "made_at": russian::moment(&self.made_at),
            "ledger": self.ledger.as_ref().map(|check| json!({
                "value": groups_of_four(&check.value),
                "covers": check.covers,
            })),
            "signatures": self.signatures.iter()
                .map(|line| json!({"post": line.post, "name": line.name}))
                .collect::<Vec<_>>(),
        })
    }
}

/// `k7qf2m9xd41` → `K7QF 2M9X D41`: what people read aloud and compare. Separators already in the
/// text are dropped.
pub(crate) fn groups_of_four(code: &str) -> String {
    let mut grouped = String::with_capacity(code.len() * 5 / 4);
    for (at, sign) in code.chars().filter(|c| c.is_alphanumeric()).enumerate() {
        if at > 0 && at % 4 == 0 {
            grouped.push(' ');
        }
        grouped.extend(sign.to_uppercase());
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_grouped_whatever_separators_they_had() {
        assert_eq!(groups_of_four("k7qf-2m9x-d4"), "K7QF 2M9X D4");
        assert_eq!(groups_of_four("K7QF2M9X"), "K7QF 2M9X");
        assert_eq!(groups_of_four(""), "");
    }
}
