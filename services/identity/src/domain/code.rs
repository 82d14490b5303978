//! Codes on paper: invitations (пригласительные коды, R84, R136, R240), recovery codes,
//! codes for a new password: 80 random bits in
//! sixteen letters and digits that cannot be mistaken for each other on paper.

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Random bytes in a code: 80 bits.
pub const BYTES: usize = 10;
/// Days that a code is good for.
pub const LIFETIME_DAYS: i64 = 60;
/// Days that a code for a new password is good for.
pub const RESET_LIFETIME_DAYS: i64 = 3;

/// The code of ten random bytes, in groups of four: `K7QF-2MXD-9RTB-0ZWE`.
pub fn from_bytes(bytes: &[u8; BYTES]) -> String {
    let mut text = String::with_capacity(19);
    let mut bits = 0_u32;
    let mut count = 0;
    let mut letters = 0;
    for byte in bytes {
        bits = (bits << 8) | u32::from(*byte);
        count += 8;
        while count >= 5 {
            count -= 5;
            if letters > 0 && letters % 4 == 0 {
                text.push('-');
            }
            text.push(char::from(ALPHABET[((bits >> count) & 31) as usize]));
            letters += 1;
        }
    }
    text
}

/// The sixteen letters of what a person typed: case, spaces and dashes do not
/// matter, look-alikes of both alphabets are understood. `None` where it cannot be a code.
pub fn normalise(typed: &str) -> Option<String> {
    let mut code = String::with_capacity(16);
    for c in typed.chars().flat_map(char::to_uppercase) {
        let letter = match c {
            ' ' | '-' | '\u{2010}'..='\u{2015}' | '\u{a0}' => continue,
            'O' | 'О' => '0',
            'I' | 'L' | 'І' => '1',
            'А' => 'A',
            'В' => 'B',
            'С' => 'C',
            'Е' => 'E',
            'Н' => 'H',
            'К' => 'K',
            'М' => 'M',
            'Р' => 'P',
            'Т' => 'T',
            'Х' => 'X',
            other => other,
        };
        if !letter.is_ascii() || !ALPHABET.contains(&(letter as u8)) || code.len() == 16 {
            return None;
        }
        code.push(letter);
    }
    (code.len() == 16).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_code_is_read_back_however_it_is_typed(bytes: [u8; BYTES]) {
            let code = from_bytes(&bytes);
            let plain = code.replace('-', "");
            prop_assert_eq!(plain.len(), 16);
            prop_assert_eq!(normalise(&code), Some(plain.clone()));
            prop_assert_eq!(normalise(&code.to_lowercase().replace('-', " ")), Some(plain));
        }

        #[test]
        fn different_bytes_give_different_codes(a: [u8; BYTES], b: [u8; BYTES]) {
            prop_assume!(a != b);
            prop_assert_ne!(from_bytes(&a), from_bytes(&b));
        }
    }

    #[test]
    fn cyrillic_look_alikes_are_understood() {
        assert_eq!(
            normalise("аВСЕ-НКМР-ТХоО-Il00").as_deref(),
            Some("ABCEHKMPTX001100")
        );
    }

    #[test]
    fn what_cannot_be_a_code_is_refused() {
        for typed in [
            "",
            "K7QF",
            "K7QF-2MXD-9RTB-0ZWE-1",
            "K7QF-2MXD-9RTB-0ZW!",
            "Ж7QF-2MXD-9RTB-0ZWE",
            "U7QF-2MXD-9RTB-0ZWE",
        ] {
            assert_eq!(normalise(typed), None, "{typed}");
        }
    }
}
