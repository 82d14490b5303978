//! Keyset pages: opaque tokens that hold the last key of the page before.
//!
//! A token is bound to the method and its filters: used with others, or altered,
//! it is refused. It is no secret and grants nothing: the query that it continues
//! is authorised like the first one.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use tonic::Status;

use crate::status;

/// Rows of a page when the request does not say.
pub const DEFAULT_SIZE: u64 = 50;
/// Most rows of a page; a larger wish is cut to this (AIP-158).
pub const MAX_SIZE: u64 = 500;
/// Bytes of the check sum.
const SUM: usize = 12;

/// Rows to return: 0 is 50, at most 500, negative is refused.
pub fn size(requested: i32) -> Result<u64, Status> {
    match u64::try_from(requested) {
        Ok(0) => Ok(DEFAULT_SIZE),
        Ok(wanted) => Ok(wanted.min(MAX_SIZE)),
        Err(_) => Err(status::invalid_field(
            "page_size",
            "NOT_NEGATIVE",
            "Размер страницы не может быть отрицательным",
        )),
    }
}

/// What a list is narrowed to: everything but the page itself.
#[derive(Clone)]
pub struct PageFilter(Sha256);

impl PageFilter {
    /// Of a method, by its name.
    pub fn of(method: &str) -> PageFilter {
        PageFilter(Sha256::new().chain_update(b"zhurnal page 1\0")).and(method)
    }

    /// With one more filter or ordering value; their order matters.
    #[must_use]
    pub fn and(mut self, value: impl AsRef<[u8]>) -> PageFilter {
        let value = value.as_ref();
        self.0.update((value.len() as u64).to_be_bytes());
        self.0.update(value);
        self
    }

    fn sum(&self, keys: &[u8]) -> [u8; SUM] {
        let digest = self.clone().and(keys).0.finalize();
        std::array::from_fn(|at| digest[at])
    }
}

/// A token that continues after the row with these keys.
pub fn encode<K: Serialize>(keys: &K, filter: &PageFilter) -> Result<String, Status> {
    let keys = serde_json::to_vec(keys).map_err(status::internal)?;
    let mut token = filter.sum(&keys).to_vec();
    token.extend(keys);
    Ok(BASE64_URL_SAFE_NO_PAD.encode(token))
}

/// The keys to continue after; `None` for the first page (empty token).
pub fn decode<K: DeserializeOwned>(token: &str, filter: &PageFilter) -> Result<Option<K>, Status> {
    if token.is_empty() {
        return Ok(None);
    }
    let refused = || {
        status::invalid_field(
            "page_token",
            "PAGE_TOKEN",
            "Метка страницы повреждена или от другого запроса",
        )
    };
    let bytes = BASE64_URL_SAFE_NO_PAD
        .decode(token)
        .map_err(|_| refused())?;
    let (sum, keys) = bytes.split_at_checked(SUM).ok_or_else(refused)?;
    if sum != filter.sum(keys) {
        return Err(refused());
    }
    serde_json::from_slice(keys)
        .map(Some)
        .map_err(|_| refused())
}

/// Cuts a result read with one row too many to the page and makes the next token
/// (empty on the last page).
pub fn cut<T, K: Serialize>(
    rows: &mut Vec<T>,
    size: u64,
    filter: &PageFilter,
    keys: impl Fn(&T) -> K,
) -> Result<String, Status> {
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    if rows.len() <= size {
        return Ok(String::new());
    }
    rows.truncate(size);
    rows.last()
        .map_or(Ok(String::new()), |last| encode(&keys(last), filter))
}

#[cfg(test)]
mod tests {
    use tonic::Code;

    use super::*;

    type Keys = (String, u32);

    fn filter() -> PageFilter {
        PageFilter::of("ListPupils").and("cls_1").and("active")
    }

    #[test]
    fn a_token_gives_its_keys_back() {
        let keys: Keys = ("Ёлкина".to_owned(), 7);
        let token = encode(&keys, &filter()).unwrap();
        assert_eq!(decode::<Keys>(&token, &filter()).unwrap(), Some(keys));
        assert_eq!(decode::<Keys>("", &filter()).unwrap(), None);
    }

    #[test]
    fn a_token_of_another_filter_is_refused() {
        let token = encode(&("а", 7), &filter()).unwrap();
        let others = [
            PageFilter::of("ListStaff").and("cls_1").and("active"),
            PageFilter::of("ListPupils").and("cls_1active"),
            PageFilter::of("ListPupils").and("active").and("cls_1"),
            PageFilter::of("ListPupils").and("cls_1"),
        ];
        for other in others {
            assert_eq!(
                decode::<Keys>(&token, &other).unwrap_err().code(),
                Code::InvalidArgument
            );
        }
    }

    #[test]
    fn every_altered_character_is_noticed() {
        let token = encode(&("Иванова", 12), &filter()).unwrap();
        for at in 0..token.len() {
            let mut altered = token.clone().into_bytes();
            altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
            let altered = String::from_utf8(altered).unwrap();
            let decoded = decode::<Keys>(&altered, &filter());
            assert!(decoded.is_err(), "{altered} was taken for {token}");
        }
        for broken in [
            "A",
            "AAAA",
            "ключ",
            "====",
            &token[1..],
            &token[..token.len() - 1],
        ] {
            assert!(decode::<Keys>(broken, &filter()).is_err());
        }
    }

    #[test]
    fn page_sizes_have_a_default_and_a_limit() {
        assert_eq!(size(0).unwrap(), 50);
        assert_eq!(size(7).unwrap(), 7);
        assert_eq!(size(5_000).unwrap(), 500);
        assert_eq!(size(-1).unwrap_err().code(), Code::InvalidArgument);
    }

    #[test]
    fn a_page_is_cut_and_the_last_one_has_no_token() {
        let mut rows = vec![1, 2, 3];
        let token = cut(&mut rows, 2, &filter(), |row| *row).unwrap();
        assert_eq!(
            (rows.as_slice(), decode(&token, &filter()).unwrap()),
            ([1, 2].as_slice(), Some(2))
        );
        assert_eq!(cut(&mut rows, 2, &filter(), |row| *row).unwrap(), "");
    }
}
