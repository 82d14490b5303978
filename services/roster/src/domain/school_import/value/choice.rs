//! Columns in which one of a few words stands.

use jiff::civil::Weekday;

use super::Value;
use crate::domain::{
    school_import::findings::{Problem, Reason},
    text,
};

macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal $(, also $($also:literal),+)?;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every choice there is.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word in the form.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            const fn spellings(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &[$word $(, $($also),+)?]),+ }
            }
        }

        impl Value for $name {
            const FORM: Reason = Reason::ChoiceForm;
            const BAD: Reason = Reason::BadChoice;

            fn parse(raw: &str) -> Result<Self, Problem> {
                // The word of the form itself is what nearly every cell holds.
                if let Some(choice) = Self::ALL.iter().find(|c| c.word() == raw) {
                    return Ok(*choice);
                }
                let key = text::search_key(raw);
                let found = Self::ALL.iter().find(|c| c.spellings().iter().any(|s| text::search_key(s) == key));
                found.copied().ok_or_else(|| {
                    let words: Vec<_> = Self::ALL.iter().map(|c| c.word()).collect();
                    Problem::new(Reason::BadChoice, "Такого значения нет в списке", format!("Одно из: {}", words.join(", ")))
                })
            }

            fn canonical(&self) -> String {
                self.word().to_owned()
            }
        }
    };
}

choice! {
    /// Пол.
    Sex {
        /// Мужской.
        Male = "М", also "муж", "мужской", "мальчик", "юноша";
        /// Женский.
        Female = "Ж", also "жен", "женский", "девочка", "девушка";
    }
}

choice! {
    /// Форма обучения.
    StudyForm {
        /// At school.
        FullTime = "очная", also "очно", "очное";
        /// The teacher comes home.
        AtHome = "надомная", also "на дому", "надомное", "обучение на дому";
        /// The family teaches.
        Family = "семейная", also "семейное", "семейное образование";
    }
}

choice! {
    /// Кем приходится родитель ученику.
    Relation {
        /// Мать.
        Mother = "мать", also "мама";
        /// Отец.
        Father = "отец", also "папа";
        /// Adopted the child.
        AdoptiveParent = "усыновитель", also "усыновительница", "удочеритель";
        /// Guardian of a child under 14.
        Guardian = "опекун", also "опекунша";
        /// Guardian of a child from 14.
        Trustee = "попечитель", also "попечительница";
        /// Foster parent by contract.
        FosterParent = "приёмный родитель", also "приёмная мать", "приёмный отец";
        /// Мачеха или отчим.
        StepParent = "отчим или мачеха", also "отчим", "мачеха";
        /// Бабушка или дедушка.
        Grandparent = "бабушка или дедушка", also "бабушка", "дедушка", "дед";
        /// Somebody else close to the child.
        Other = "другой родственник", also "иной", "другой", "брат", "сестра", "тётя", "дядя", "родственник";
    }
}

impl Relation {
    /// Whether the relation by itself makes a legal representative (законный представитель).
    pub const fn is_legal_representative(self) -> bool {
        !matches!(self, Self::StepParent | Self::Grandparent | Self::Other)
    }
}

choice! {
    /// Как семью информируют (R211).
    Informing {
        /// In the system.
        Electronic = "электронная", also "электронно", "электронное", "эл", "в электронном виде";
        /// On paper: the family has declared its refusal.
        Paper = "бумажная", also "бумага", "бумажное", "на бумаге", "на бумажном носителе";
    }
}

choice! {
    /// Вид группы.
    GroupWord {
        /// Part of a class for a subject.
        Subgroup = "подгруппа", also "часть класса";
        /// Факультатив, элективный курс.
        Elective = "факультатив", also "элективный курс", "электив", "внеурочная деятельность";
        /// Кружок.
        Club = "кружок", also "секция";
        /// Группа продлённого дня.
        ExtendedDay = "продлённый день", also "гпд", "группа продлённого дня";
        /// One pupil taught alone.
        Individual = "индивидуальная", also "индивидуально", "индивидуальное обучение";
    }
}

choice! {
    /// Уровень общего образования.
    Level {
        /// Grades 1 to 4.
        Primary = "Начальное", also "НОО", "начальное общее", "начальный";
        /// Grades 5 to 9.
        Basic = "Основное", also "ООО", "основное общее", "основной";
        /// Grades 10 and 11.
        Secondary = "Среднее", also "СОО", "среднее общее", "средний";
    }
}

impl Level {
    /// The level that a grade belongs to.
    pub const fn of_grade(grade: u8) -> Self {
        match grade {
            0..=4 => Self::Primary,
            5..=9 => Self::Basic,
            _ => Self::Secondary,
        }
    }
}

choice! {
    /// Да или нет.
    YesNo {
        /// Да.
        Yes = "да", also "1", "истина", "yes";
        /// Нет.
        No = "нет", also "0", "ложь", "no";
    }
}

choice! {
    /// День недели.
    DayName {
        /// 1.
        Monday = "Понедельник", also "пн", "пон", "понед";
        /// 2.
        Tuesday = "Вторник", also "вт", "втор";
        /// 3.
        Wednesday = "Среда", also "ср";
        /// 4.
        Thursday = "Четверг", also "чт", "чет";
        /// 5.
        Friday = "Пятница", also "пт", "пят";
        /// 6.
        Saturday = "Суббота", also "сб", "суб";
        /// 7.
        Sunday = "Воскресенье", also "вс", "воскр";
    }
}

impl DayName {
    /// The day as the calendar knows it.
    pub const fn weekday(self) -> Weekday {
        match self {
            Self::Monday => Weekday::Monday,
            Self::Tuesday => Weekday::Tuesday,
            Self::Wednesday => Weekday::Wednesday,
            Self::Thursday => Weekday::Thursday,
            Self::Friday => Weekday::Friday,
            Self::Saturday => Weekday::Saturday,
            Self::Sunday => Weekday::Sunday,
        }
    }
}
