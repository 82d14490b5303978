//! What a demo school teaches: subjects and hours a week of each grade, five days.

/// A subject of a grade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Taught {
    pub(super) subject: &'static str,
    pub(super) hours: u8,
    /// The class is divided: two groups with two teachers at the same time.
    pub(super) divided: bool,
}

const RUSSIAN: &str = "Русский язык";
const READING: &str = "Литературное чтение";
const LITERATURE: &str = "Литература";
pub(super) const ENGLISH: &str = "Иностранный язык (английский)";
const MATHEMATICS: &str = "Математика";
const ALGEBRA: &str = "Алгебра";
const GEOMETRY: &str = "Геометрия";
const CHANCE: &str = "Вероятность и статистика";
pub(super) const COMPUTING: &str = "Информатика";
const WORLD: &str = "Окружающий мир";
const HISTORY: &str = "История";
const SOCIETY: &str = "Обществознание";
const GEOGRAPHY: &str = "География";
const BIOLOGY: &str = "Биология";
const PHYSICS: &str = "Физика";
const CHEMISTRY: &str = "Химия";
const ART: &str = "Изобразительное искусство";
const MUSIC: &str = "Музыка";
const CRAFT: &str = "Труд (технология)";
const SAFETY: &str = "Основы безопасности и защиты Родины";
/// Of every grade, without marks, and no study hour.
pub(super) const CLASS_HOUR: Taught = Taught {
    subject: "Классный час",
    hours: 1,
    divided: false,
};
const SPORT: &str = "Физическая культура";

/// The subjects of a grade with their hours.
pub(super) fn of_grade(grade: u8) -> Vec<Taught> {
    let hours: &[(&str, u8)] = match grade {
        1 => &[
            (RUSSIAN, 5),
            (READING, 4),
            (MATHEMATICS, 4),
            (WORLD, 2),
            (ART, 1),
            (MUSIC, 1),
            (CRAFT, 1),
            (SPORT, 2),
        ],
        2..=4 => &[
            (RUSSIAN, 5),
            (READING, 4),
            (ENGLISH, 2),
            (MATHEMATICS, 4),
            (WORLD, 2),
            (ART, 1),
            (MUSIC, 1),
            (CRAFT, 1),
            (SPORT, 2),
        ],
        5 => &[
            (RUSSIAN, 5),
            (LITERATURE, 3),
            (ENGLISH, 3),
            (MATHEMATICS, 5),
            (HISTORY, 2),
            (GEOGRAPHY, 1),
            (BIOLOGY, 1),
            (ART, 1),
            (MUSIC, 1),
            (CRAFT, 2),
            (SPORT, 2),
        ],
        6 => &[
            (RUSSIAN, 5),
            (LITERATURE, 3),
            (ENGLISH, 3),
            (MATHEMATICS, 5),
            (HISTORY, 2),
            (SOCIETY, 1),
            (GEOGRAPHY, 1),
            (BIOLOGY, 1),
            (ART, 1),
            (MUSIC, 1),
            (CRAFT, 2),
            (SPORT, 2),
        ],
        7 => &[
            (RUSSIAN, 4),
            (LITERATURE, 2),
            (ENGLISH, 3),
            (ALGEBRA, 3),
            (GEOMETRY, 2),
            (CHANCE, 1),
            (COMPUTING, 1),
            (HISTORY, 2),
            (SOCIETY, 1),
            (GEOGRAPHY, 2),
            (PHYSICS, 2),
            (BIOLOGY, 1),
            (ART, 1),
            (MUSIC, 1),
            (CRAFT, 2),
            (SPORT, 2),
        ],
        8 => &[
            (RUSSIAN, 3),
            (LITERATURE, 2),
            (ENGLISH, 3),
            (ALGEBRA, 3),
            (GEOMETRY, 2),
            (CHANCE, 1),
            (COMPUTING, 1),
            (HISTORY, 2),
            (SOCIETY, 1),
            (GEOGRAPHY, 2),
            (PHYSICS, 2),
            (CHEMISTRY, 2),
            (BIOLOGY, 2),
            (MUSIC, 1),
            (CRAFT, 1),
            (SAFETY, 1),
            (SPORT, 2),
        ],
        9 => &[
            (RUSSIAN, 3),
            (LITERATURE, 3),
            (ENGLISH, 3),
            (ALGEBRA, 3),
            (GEOMETRY, 2),
            (CHANCE, 1),
            (COMPUTING, 1),
            (HISTORY, 2),
            (SOCIETY, 1),
            (GEOGRAPHY, 2),
            (PHYSICS, 3),
            (CHEMISTRY, 2),
            (BIOLOGY, 2),
            (CRAFT, 1),
            (SAFETY, 1),
            (SPORT, 2),
        ],
        _ => &[
            (RUSSIAN, 2),
            (LITERATURE, 3),
            (ENGLISH, 3),
            (ALGEBRA, 3),
            (GEOMETRY, 2),
            (CHANCE, 1),
            (COMPUTING, 1),
            (HISTORY, 2),
            (SOCIETY, 2),
            (GEOGRAPHY, 1),
            (PHYSICS, 2),
            (CHEMISTRY, 1),
            (BIOLOGY, 1),
            (SAFETY, 1),
            (SPORT, 2),
        ],
    };
    let divided = |subject: &str| (grade >= 5 && subject == ENGLISH) || subject == COMPUTING;
    hours
        .iter()
        .map(|(subject, hours)| Taught {
            subject,
            hours: *hours,
            divided: divided(subject),
        })
        .collect()
}

/// Whether the class teacher of this grade teaches the subject.
pub(super) fn by_class_teacher(grade: u8, subject: &str) -> bool {
    grade <= 4 && subject != ENGLISH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_grade_has_more_hours_than_the_rules_allow() {
        let most = [21, 23, 23, 23, 29, 30, 32, 33, 33, 34, 34];
        for (grade, most) in (1u8..).zip(most) {
            let hours: u8 = of_grade(grade).iter().map(|taught| taught.hours).sum();
            assert!(hours <= most, "grade {grade}: {hours} > {most}");
        }
    }
}
