//! Plainly invented people: surnames and patronymics that nobody bears.

use std::collections::BTreeSet;

use super::dice::Dice;

/// Masculine and feminine.
const SURNAMES: [(&str, &str); 44] = [
    ("Примеров", "Примерова"),
    ("Образцов", "Образцова"),
    ("Тестов", "Тестова"),
    ("Макетов", "Макетова"),
    ("Шаблонов", "Шаблонова"),
    ("Учебнов", "Учебнова"),
    ("Пробников", "Пробникова"),
    ("Черновиков", "Черновикова"),
    ("Эскизов", "Эскизова"),
    ("Эталонов", "Эталонова"),
    ("Демонстров", "Демонстрова"),
    ("Заготовкин", "Заготовкина"),
    ("Набросков", "Наброскова"),
    ("Вымыслов", "Вымыслова"),
    ("Выдумкин", "Выдумкина"),
    ("Небылицын", "Небылицына"),
    ("Присказкин", "Присказкина"),
    ("Безымянов", "Безымянова"),
    ("Условнов", "Условнова"),
    ("Абстрактов", "Абстрактова"),
    ("Допустимов", "Допустимова"),
    ("Гипотезин", "Гипотезина"),
    ("Теоремин", "Теоремина"),
    ("Аксиомин", "Аксиомина"),
    ("Формулин", "Формулина"),
    ("Интегралов", "Интегралова"),
    ("Скобкин", "Скобкина"),
    ("Кавычкин", "Кавычкина"),
    ("Многоточиев", "Многоточиева"),
    ("Тетрадкин", "Тетрадкина"),
    ("Пеналов", "Пеналова"),
    ("Ластиков", "Ластикова"),
    ("Циркулев", "Циркулева"),
    ("Глобусов", "Глобусова"),
    ("Звонков", "Звонкова"),
    ("Переменкин", "Переменкина"),
    ("Дневников", "Дневникова"),
    ("Расписаньев", "Расписаньева"),
    ("Каникулов", "Каникулова"),
    ("Ёлочкин-Игрушкин", "Ёлочкина-Игрушкина"),
    ("Ёршиков", "Ёршикова"),
    ("Еловикторов", "Еловикторова"),
    ("Щёголев-Пример", "Щёголева-Пример"),
    ("Яблочкин-Образец", "Яблочкина-Образец"),
];

const MALE: [&str; 22] = [
    "Александр",
    "Артём",
    "Богдан",
    "Вадим",
    "Глеб",
    "Даниил",
    "Егор",
    "Захар",
    "Иван",
    "Кирилл",
    "Лев",
    "Максим",
    "Назар",
    "Олег",
    "Павел",
    "Роман",
    "Семён",
    "Тимур",
    "Фёдор",
    "Эмир",
    "Юрий",
    "Ярослав",
];

const FEMALE: [&str; 22] = [
    "Алина",
    "Анна",
    "Вера",
    "Дарья",
    "Ева",
    "Елена",
    "Зоя",
    "Ирина",
    "Кира",
    "Лилия",
    "Мария",
    "Надежда",
    "Ольга",
    "Полина",
    "Раиса",
    "София",
    "Таисия",
    "Ульяна",
    "Эвелина",
    "Эльвина",
    "Юлия",
    "Яна",
];

/// Masculine and feminine.
const PATRONYMICS: [(&str, &str); 12] = [
    ("Образцович", "Образцовна"),
    ("Примерович", "Примеровна"),
    ("Шаблонович", "Шаблоновна"),
    ("Макетович", "Макетовна"),
    ("Тестович", "Тестовна"),
    ("Эталонович", "Эталоновна"),
    ("Журналович", "Журналовна"),
    ("Дневникович", "Дневниковна"),
    ("Звонкович", "Звонковна"),
    ("Урокович", "Уроковна"),
    ("Пеналович", "Пеналовна"),
    ("Глобусович", "Глобусовна"),
];

/// A name by its parts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name {
    pub(super) surname: String,
    pub(super) given: String,
    pub(super) patronymic: String,
}

/// Gives names, none twice.
pub(super) struct Names {
    dice: Dice,
    given: BTreeSet<Name>,
}

impl Names {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            dice: Dice::new(seed ^ 0x6e61_6d65),
            given: BTreeSet::new(),
        }
    }

    /// Which family: for [`Names::of_family`].
    pub(super) fn family(&mut self) -> usize {
        self.dice.below(SURNAMES.len())
    }

    /// Anybody.
    pub(super) fn anybody(&mut self, female: bool) -> Name {
        let family = self.family();
        self.of_family(family, female)
    }

    /// A member of a family. When its 264 names of a sex are used up, of another family.
    pub(super) fn of_family(&mut self, family: usize, female: bool) -> Name {
        let mut family = family;
        let mut tries = 0;
        loop {
            let (surname, patronymic) = (
                SURNAMES[family % SURNAMES.len()],
                self.dice.pick(&PATRONYMICS).copied(),
            );
            let given = if female {
                self.dice.pick(&FEMALE)
            } else {
                self.dice.pick(&MALE)
            };
            let of = |pair: (&'static str, &'static str)| if female { pair.1 } else { pair.0 };
            let name = Name {
                surname: of(surname).to_owned(),
                given: given.copied().unwrap_or_default().to_owned(),
                patronymic: patronymic.map(of).unwrap_or_default().to_owned(),
            };
            tries += 1;
            // After so many throws without luck any free name will do, then any name.
            if self.given.insert(name.clone()) || tries > 5_000 {
                return name;
            }
            if tries % 100 == 0 {
                family += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_people_of_a_large_school_share_a_name() {
        let mut names = Names::new(1);
        let all: BTreeSet<Name> = (0..5_000).map(|n| names.anybody(n % 2 == 0)).collect();
        assert_eq!(all.len(), 5_000);
    }

    #[test]
    fn a_family_has_one_surname_in_two_forms() {
        let mut names = Names::new(1);
        assert_eq!(names.of_family(0, true).surname, "Примерова");
        assert_eq!(names.of_family(0, false).surname, "Примеров");
    }
}
