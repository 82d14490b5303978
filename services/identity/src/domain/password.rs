//! What a password must be: long, not common, not the login. No rules about
//! kinds of characters: they make passwords worse (NIST SP 800-63B).

/// Fewest characters.
pub const MIN_LEN: usize = 10;

/// Why a password is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// Too short.
    #[error("Пароль короче 10 знаков")]
    TooShort,
    /// One of the passwords that everybody tries first.
    #[error("Такой пароль слишком распространён")]
    Common,
    /// Contains the login.
    #[error("Пароль не должен содержать логин")]
    ContainsLogin,
    /// One or two characters over and over, or a row of the keyboard.
    #[error("Пароль слишком однообразен")]
    Monotonous,
}

/// Checks a new password.
pub fn check(password: &str, login_key: &str) -> Result<(), WeakPassword> {
    let folded = password.to_lowercase();
    if password.chars().count() < MIN_LEN {
        return Err(WeakPassword::TooShort);
    }
    if login_key.chars().count() >= 4 && folded.contains(login_key) {
        return Err(WeakPassword::ContainsLogin);
    }
    let mut distinct: Vec<char> = folded.chars().collect();
    distinct.sort_unstable();
    distinct.dedup();
    if distinct.len() < 4 || is_row(&folded) {
        return Err(WeakPassword::Monotonous);
    }
    let letters: String = folded.chars().filter(|c| c.is_alphanumeric()).collect();
    let stem = letters
        .trim_end_matches(|c: char| c.is_ascii_digit())
        .trim_start_matches(|c: char| c.is_ascii_digit());
    let common = include_str!("common_passwords.txt");
    if common
        .lines()
        .any(|line| line == letters || (line.len() >= 6 && line == stem))
    {
        return Err(WeakPassword::Common);
    }
    Ok(())
}

/// A run along the keyboard or the alphabet, forwards or backwards.
fn is_row(folded: &str) -> bool {
    const ROWS: [&str; 8] = [
        "1234567890123456789012345678901234567890",
        "qwertyuiopasdfghjklzxcvbnmqwertyuiopasdfghjklzxcvbnm",
        "йцукенгшщзхъфывапролджэячсмитьбюйцукенгшщзхъфывапролджэячсмитьбю",
        "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяабвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "1q2w3e4r5t6y7u8i9o0p1q2w3e4r5t6y7u8i9o0p",
        "1й2ц3у4к5е6н7г8ш9щ0з1й2ц3у4к5е6н7г8ш9щ0з",
        "qazwsxedcrfvtgbyhnujmikolpqazwsxedcrfvtgbyhnujmikolp",
    ];
    let backwards: String = folded.chars().rev().collect();
    ROWS.iter()
        .any(|row| row.contains(folded) || row.contains(&backwards))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_refused_with_the_reason() {
        for (password, reason) in [
            ("короткий", WeakPassword::TooShort),
            ("1234567890", WeakPassword::Monotonous),
            ("qwertyuiop", WeakPassword::Monotonous),
            ("йцукенгшщз", WeakPassword::Monotonous),
            ("1й2ц3у4к5е", WeakPassword::Monotonous),
            ("abababababab", WeakPassword::Monotonous),
            ("Password123", WeakPassword::Common),
            ("Пароль12345", WeakPassword::Common),
            ("xx-ivanova-xx", WeakPassword::ContainsLogin),
        ] {
            assert_eq!(check(password, "ivanova"), Err(reason), "{password}");
        }
    }

    #[test]
    fn a_phrase_of_plain_words_is_good() {
        assert_eq!(check("три синих чайника", "ivanova"), Ok(()));
        assert_eq!(check("correct horse battery", "ivanova"), Ok(()));
    }
}
