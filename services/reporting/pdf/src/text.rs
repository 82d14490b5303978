//! Cleans the texts of a form so that each can be printed, found and copied as what it says.

use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

use crate::fonts::Fonts;

/// Stands for a character that no font of ours can draw; an archival PDF may not hold a hole.
const UNKNOWN: char = '□';
/// Words longer than this get invisible break points, so that they stay inside their cell.
const LONGEST_WORD: usize = 28;
const BREAK: char = '\u{200b}';

/// Cleans every text of the value in place; keys are ours and stay.
pub fn clean(value: &mut Value, fonts: &Fonts) {
    match value {
        Value::String(text) => *text = printable(text, fonts),
        Value::Array(values) => values.iter_mut().for_each(|v| clean(v, fonts)),
        Value::Object(entries) => entries.values_mut().for_each(|v| clean(v, fonts)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn printable(text: &str, fonts: &Fonts) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut word = 0;
    for sign in text.nfc().filter(|sign| !is_invisible(*sign)) {
        if sign.is_whitespace() || sign.is_control() {
            word = 0;
            clean.push(if sign == '\u{a0}' { sign } else { ' ' });
            continue;
        }
        if word == LONGEST_WORD {
            clean.push(BREAK);
            word = 0;
        }
        word += 1;
        clean.push(if fonts.draws(sign) { sign } else { UNKNOWN });
    }
    clean
}

/// Characters that draw nothing but can reorder or hide the ones around them.
fn is_invisible(sign: char) -> bool {
    matches!(sign,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(text: &str) -> String {
        printable(text, &Fonts::read().unwrap())
    }

    #[test]
    fn ordinary_names_stay_as_they_are() {
        for name in [
            "Ёлкина-Щёголева Іванна",
            "O’Нил №5 «А»",
            "#panic() $x$ \\ \"_*`<>@",
        ] {
            assert_eq!(cleaned(name), name);
        }
    }

    #[test]
    fn line_ends_and_controls_become_spaces() {
        assert_eq!(cleaned("Иванов\r\nПётр\u{0}\t7"), "Иванов  Пётр  7");
    }

    #[test]
    fn direction_overrides_and_zero_widths_are_dropped() {
        assert_eq!(cleaned("5\u{202e}4\u{200b}3\u{feff}"), "543");
    }

    #[test]
    fn split_letters_are_composed() {
        assert_eq!(cleaned("Еле\u{308}на и\u{306}"), "Елёна й");
    }

    #[test]
    fn what_no_font_draws_is_shown_as_a_box() {
        assert_eq!(cleaned("Оля 😀漢"), "Оля □□");
    }

    #[test]
    fn endless_words_can_be_broken() {
        let broken = cleaned(&"я".repeat(60));
        assert_eq!(broken.chars().filter(|c| *c == BREAK).count(), 2);
        assert_eq!(broken.replace(BREAK, ""), "я".repeat(60));
    }
}
