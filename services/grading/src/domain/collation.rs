//! Russian alphabetical order as a key that plain byte order sorts rightly.

/// Sorts after every letter that can follow «е».
const AFTER_LETTERS: char = '\u{f8ff}';

/// The key: lower case, «ё» a letter of its own after «е», numbers by value.
pub fn sort_key(text: &str) -> String {
    let mut key = String::with_capacity(text.len() + 8);
    let mut digits = String::new();
    for letter in text.chars().flat_map(char::to_lowercase) {
        if letter.is_ascii_digit() {
            digits.push(letter);
            continue;
        }
        push_number(&mut key, &mut digits);
        key.push(if letter == 'ё' { 'е' } else { letter });
        if letter == 'ё' {
            key.push(AFTER_LETTERS);
        }
    }
    push_number(&mut key, &mut digits);
    key
}

/// `10-А` comes after `9-А`: numbers are padded.
fn push_number(key: &mut String, digits: &mut String) {
    if !digits.is_empty() {
        key.extend(std::iter::repeat_n(
            '0',
            6usize.saturating_sub(digits.len()),
        ));
        key.push_str(digits);
        digits.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yo_comes_after_ye_and_before_zhe() {
        let mut words = ["Жук", "Ёж", "Ель", "Ея", "Ежов", "Абрикос"];
        words.sort_by_key(|word| sort_key(word));
        assert_eq!(words, ["Абрикос", "Ежов", "Ель", "Ея", "Ёж", "Жук"]);
    }

    #[test]
    fn grade_ten_comes_after_grade_nine() {
        let mut classes = ["10-А", "9-Б", "9-А", "11-А", "1-А"];
        classes.sort_by_key(|class| sort_key(class));
        assert_eq!(classes, ["1-А", "9-А", "9-Б", "10-А", "11-А"]);
    }
}
