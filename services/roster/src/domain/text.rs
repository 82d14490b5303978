//! Text as a school writes it: cleaning, comparing, ordering.
//!
//! Invariant: [`tidy`] and [`search_key`] leave their own output as it is, so that a value that has
//! been stored once is never changed by being read again.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Sorts after every Cyrillic letter in use; marks a letter that follows its base letter.
const AFTER: char = '\u{04FF}';
/// Sorts just before [`AFTER`]: the first of two letters that follow one base letter.
const AFTER_FIRST: char = '\u{04FE}';
/// Digits of a number in a sort key, so that 2 comes before 10.
const NUMBER_WIDTH: usize = 6;

/// NFC, every run of white space (no-break space, tab, line break too) as one space, trimmed.
pub fn tidy(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    for word in raw.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.nfc());
    }
    out
}

/// The first character that takes no room on the screen and is not white space: it would make two
/// equal looking values differ. Zero-width and direction marks, soft hyphen, BOM, controls.
pub fn invisible(text: &str) -> Option<char> {
    text.chars().find(|&c| is_invisible(c))
}

fn is_invisible(c: char) -> bool {
    (c.is_control() && !c.is_whitespace())
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFD}' | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}')
}

/// The text with every invisible character written out: `Новиков⟨U+200B⟩`.
pub fn with_invisible_shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_invisible(c) {
            out.push_str(&format!("⟨U+{:04X}⟩", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out
}

/// Latin letters that look like Cyrillic ones, replaced by them. Other characters stay.
pub fn latin_lookalikes_to_cyrillic(text: &str) -> String {
    text.chars()
        .map(|c| cyrillic_twin(c).unwrap_or(c))
        .collect()
}

fn cyrillic_twin(c: char) -> Option<char> {
    Some(match c {
        'A' => 'А',
        'a' => 'а',
        'B' => 'В',
        'C' => 'С',
        'c' => 'с',
        'E' => 'Е',
        'e' => 'е',
        'H' => 'Н',
        'I' => 'І',
        'i' => 'і',
        'K' => 'К',
        'k' => 'к',
        'M' => 'М',
        'O' => 'О',
        'o' => 'о',
        'P' => 'Р',
        'p' => 'р',
        'T' => 'Т',
        'X' => 'Х',
        'x' => 'х',
        'Y' => 'У',
        'y' => 'у',
        'Ë' => 'Ё',
        'ë' => 'ё',
        'Ï' => 'Ї',
        'ï' => 'ї',
        _ => return None,
    })
}

/// Whether the text has letters of both the Latin and the Cyrillic alphabet.
pub fn mixes_alphabets(text: &str) -> bool {
    text.chars().any(is_latin) && text.chars().any(is_cyrillic)
}

pub(crate) fn is_latin(c: char) -> bool {
    c.is_alphabetic() && matches!(c, 'A'..='Z' | 'a'..='z' | '\u{00C0}'..='\u{024F}')
}

pub(crate) fn is_cyrillic(c: char) -> bool {
    c.is_alphabetic() && matches!(c, '\u{0400}'..='\u{052F}')
}

/// A dash of any kind as `-`.
pub(crate) fn plain_dash(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}' => '-',
        other => other,
    }
}

/// Key whose byte order is the order of the Russian alphabet, Ё right after Е, without regard to
/// case; letters of the region's other languages stand after the letter they come from (Ґ after Г,
/// Є after Ё, І and Ї after И). Numbers compare by value: 2-А before 10-А.
///
/// Store it and order by it with a byte collation (`COLLATE "C"`, SQLite `BINARY`): neither
/// database orders Cyrillic by itself (settled question 19).
pub fn sort_key(text: &str) -> String {
    let mut key = String::with_capacity(text.len() + 8);
    let mut digits = String::new();
    let lowered = tidy(text).to_lowercase();
    for c in lowered.nfc() {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        push_number(&mut key, &mut digits);
        match c {
            'ё' => key.extend(['е', AFTER_FIRST]),
            'є' => key.extend(['е', AFTER]),
            'ґ' => key.extend(['г', AFTER]),
            'і' => key.extend(['и', AFTER_FIRST]),
            'ї' => key.extend(['и', AFTER]),
            AFTER | AFTER_FIRST => {}
            c if is_combining_mark(c) || is_invisible(c) => {}
            '\'' | '’' | 'ʼ' | '`' | '«' | '»' | '"' | '“' | '”' | '„' => {}
            c => key.push(plain_dash(c)),
        }
    }
    push_number(&mut key, &mut digits);
    key
}

fn push_number(key: &mut String, digits: &mut String) {
    if digits.is_empty() {
        return;
    }
    let significant = digits.trim_start_matches('0');
    for _ in significant.len()..NUMBER_WIDTH {
        key.push('0');
    }
    key.push_str(significant);
    digits.clear();
}

/// Key under which a text is found whatever its case, Ё or Е, hyphens, quotes, accents or spaces.
pub fn search_key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.nfc().flat_map(char::to_lowercase) {
        let c = match c {
            'ё' => 'е',
            '\'' | '’' | 'ʼ' | '`' => continue,
            c if is_combining_mark(c) || is_invisible(c) => continue,
            c => c,
        };
        if c.is_alphanumeric() {
            if gap && !key.is_empty() {
                key.push(' ');
            }
            gap = false;
            key.push(c);
        } else {
            gap = true;
        }
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sorted(words: &[&str]) -> Vec<String> {
        let mut words: Vec<String> = words.iter().map(ToString::to_string).collect();
        words.sort_by_key(|w| sort_key(w));
        words
    }

    #[test]
    fn yo_stands_after_ye_and_before_zhe() {
        let words = ["Жукова", "Ёлкин", "Ершов", "Еясов", "Дзюба"];
        assert_eq!(
            sorted(&words),
            ["Дзюба", "Ершов", "Еясов", "Ёлкин", "Жукова"]
        );
    }

    #[test]
    fn yo_inside_a_word_decides_only_when_all_before_is_equal() {
        assert_eq!(
            sorted(&["Семёнов", "Семенюк", "Семеков"]),
            ["Семеков", "Семенюк", "Семёнов"]
        );
    }

    #[test]
    fn a_short_surname_stands_before_a_double_one() {
        let words = ["Римский", "Римская-Корсакова", "Римская Анна"];
        assert_eq!(
            sorted(&words),
            ["Римская Анна", "Римская-Корсакова", "Римский"]
        );
    }

    #[test]
    fn letters_of_the_other_languages_follow_their_base_letter() {
        let words = [
            "Йосипенко",
            "Їжак",
            "Івах",
            "Ивах",
            "Єнін",
            "Ёж",
            "Еж",
            "Дуб",
            "Ґалаґан",
            "Гусь",
        ];
        assert_eq!(
            sorted(&words),
            [
                "Гусь",
                "Ґалаґан",
                "Дуб",
                "Еж",
                "Ёж",
                "Єнін",
                "Ивах",
                "Івах",
                "Їжак",
                "Йосипенко"
            ]
        );
    }

    #[test]
    fn classes_are_ordered_by_number_then_letter() {
        assert_eq!(
            sorted(&["10-А", "2-Б", "11-А", "2-А", "1-Г"]),
            ["1-Г", "2-А", "2-Б", "10-А", "11-А"]
        );
    }

    #[test]
    fn search_finds_through_case_yo_hyphen_and_accents() {
        assert_eq!(search_key("  СЕМЁНОВА-Те\u{0301}лла "), "семенова телла");
        assert_eq!(search_key("и\u{0306}од"), "йод");
        assert_eq!(search_key("Лук'янова"), "лукянова");
    }

    #[test]
    fn a_decomposed_letter_is_the_same_letter() {
        assert_eq!(tidy("Белыи\u{0306}"), "Белый");
        assert_eq!(sort_key("Белыи\u{0306}"), sort_key("белый"));
    }

    #[test]
    fn no_break_space_and_tabs_are_white_space_but_zero_width_is_not() {
        assert_eq!(tidy("\u{a0}Анна\u{202f}\t Мария\n"), "Анна Мария");
        assert_eq!(invisible("Анна\u{a0}"), None);
        assert_eq!(invisible("Новиков\u{200b}"), Some('\u{200b}'));
        assert_eq!(with_invisible_shown("Новиков\u{200b}"), "Новиков⟨U+200B⟩");
    }

    proptest! {
        #[test]
        fn tidying_twice_is_tidying_once(text in "\\PC{0,40}") {
            prop_assert_eq!(tidy(&tidy(&text)), tidy(&text));
        }

        #[test]
        fn a_search_key_is_its_own_search_key(text in "\\PC{0,40}") {
            prop_assert_eq!(search_key(&search_key(&text)), search_key(&text));
        }

        #[test]
        fn russian_words_are_ordered_letter_by_letter(a in "[а-яё]{1,8}", b in "[а-яё]{1,8}") {
            let place = |w: &str| -> Vec<usize> {
                w.chars().map(|c| "абвгдеёжзийклмнопрстуфхцчшщъыьэюя".chars().position(|x| x == c).unwrap()).collect()
            };
            prop_assert_eq!(sort_key(&a).cmp(&sort_key(&b)), place(&a).cmp(&place(&b)));
        }
    }
}
