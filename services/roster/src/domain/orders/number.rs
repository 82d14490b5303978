//! Numbers in the book: the letter of the kind and a number that counts up in the year.

use super::OrderKind;

/// Letter of a kind.
pub const fn prefix(kind: OrderKind) -> &'static str {
    match kind {
        OrderKind::Admission => "З-",
        OrderKind::Transfer | OrderKind::Promotion => "П-",
        OrderKind::Expulsion | OrderKind::Graduation => "О-",
        OrderKind::Departure => "В-",
        OrderKind::Reversal => "ОТМ-",
    }
}

/// The number after the greatest that is taken.
pub fn next<'a>(kind: OrderKind, taken: impl IntoIterator<Item = &'a str>) -> String {
    let prefix = prefix(kind);
    let greatest = taken
        .into_iter()
        .filter_map(|number| number.strip_prefix(prefix)?.parse::<u32>().ok())
        .max()
        .unwrap_or(0);
    format!("{prefix}{}", greatest.saturating_add(1))
}
