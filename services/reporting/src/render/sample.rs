//! An invented sheet with what is hard: ё, a formula for a name, a split mark, a
//! subject that not everybody studies.

use jiff::civil::date;
use jiff::tz::TimeZone;
use uuid::Uuid;
use zhurnal_proto::id::{PersonId, SubjectId};

use super::ClassSheet;
use crate::domain::class_summary::{ClassSummary, Facts};
use crate::domain::tally::{Absences, Tally};

/// A class of full size, for looking at.
pub fn large() -> ClassSheet {
    const NAMES: [&str; 14] = [
        "Абдураманова Эльзара Османовна",
        "Белоконь Софья Андреевна",
        "Вербицкий Пётр Ильич",
        "Джемилев Осман Рустемович",
        "Ёлкин Матвей Денисович",
        "Жуковский Лев Павлович",
        "Ибрагимов Тимур Эскендерович",
        "Константинопольская Анастасия Александровна",
        "Куртсеитова Алие Наримановна",
        "Меметова Севиля Энверовна",
        "Ткаченко Артём Юрьевич",
        "Хайбуллаев Эмир Серверович",
        "Щербаков-Чернышевский Александр Константинович",
        "Ярошенко Вера Антоновна",
    ];
    const SUBJECTS: [&str; 18] = [
        "Алгебра",
        "Биология",
        "Вероятность и статистика",
        "География",
        "Геометрия",
        "Изобразительное искусство",
        "Иностранный язык (английский)",
        "Информатика",
        "История",
        "Крымскотатарский язык (родной)",
        "Литература",
        "Музыка",
        "Обществознание",
        "Основы безопасности и защиты Родины",
        "Русский язык",
        "Технология",
        "Физика",
        "Физическая культура",
    ];
    let pupil = |n: usize| PersonId::from_uuid(Uuid::from_u128(n as u128 + 1));
    let subject = |n: usize| SubjectId::from_uuid(Uuid::from_u128(n as u128 + 1));
    let mut facts = Facts::default();
    for at in 0..28 {
        let again = if at < NAMES.len() { "" } else { " (2)" };
        facts
            .pupils
            .push((pupil(at), format!("{}{again}", NAMES[at % NAMES.len()])));
    }
    for (at, title) in SUBJECTS.iter().enumerate() {
        facts.subjects.push((subject(at), (*title).to_owned()));
        for one in 0..28 {
            let dice = (one * 31 + at * 17 + one * at) % 23;
            if at == 9 && one % 3 != 0 {
                continue;
            }
            let count = (dice % 9) as u32;
            let best = 10 - (one % 4) as u32;
            let absences = Absences {
                ill: u32::from(dice > 20),
                excused: u32::from(dice == 7),
                absent: u32::from(dice == 3),
                late: u32::from(dice == 11),
            };
            let halves = count * best - if dice % 2 == 0 { 0 } else { count };
            let tally = Tally {
                marks: count,
                graded: count,
                halves,
                absences,
            };
            facts.studied.insert((pupil(one), subject(at)));
            facts.tallies.insert((pupil(one), subject(at)), tally);
        }
    }
    let title = "Муниципальное бюджетное общеобразовательное учреждение «Средняя общеобразовательная школа № 12»";
    ClassSheet {
        school: title.into(),
        place: "г. Симферополь, Республика Крым".into(),
        class: "7-Б".into(),
        ledger: Some((
            "9f3a11c2d40be7715a6c0e94b81f2d3377ac5519e0d24c8fb60917aa3cde5f10".into(),
            "записей: 18204, день 14.10.2026".into(),
        )),
        summary: ClassSummary::of(&facts).unwrap(),
        ..sheet()
    }
}

/// A small class.
pub fn sheet() -> ClassSheet {
    let pupil = |n| PersonId::from_uuid(Uuid::from_u128(n));
    let subject = |n| SubjectId::from_uuid(Uuid::from_u128(n));
    let marks = |marks, graded, halves| Tally {
        marks,
        graded,
        halves,
        ..Default::default()
    };
    let missed = Absences {
        ill: 2,
        excused: 1,
        absent: 0,
        late: 1,
    };
    let facts = Facts {
        pupils: vec![
            (pupil(1), "=HYPERLINK(\"http://x\";\"Иванов\") +1".into()),
            (pupil(2), "Ёлкин Матвей Денисович".into()),
            (pupil(3), "Яна".into()),
        ],
        subjects: vec![
            (subject(1), "Алгебра".into()),
            (subject(2), "Физика".into()),
        ],
        studied: [(pupil(1), subject(1)), (pupil(3), subject(1))].into(),
        tallies: [
            ((pupil(1), subject(1)), marks(2, 2, 20)),
            ((pupil(1), subject(2)), marks(1, 0, 0)),
            (
                (pupil(2), subject(1)),
                Tally {
                    absences: missed,
                    ..marks(3, 3, 27)
                },
            ),
            ((pupil(2), subject(2)), marks(1, 1, 8)),
        ]
        .into(),
    };
    let at = |hour, minute| {
        let zone = TimeZone::get("Europe/Simferopol").unwrap();
        date(2026, 10, 14)
            .at(hour, minute, 0, 0)
            .to_zoned(zone)
            .unwrap()
    };
    ClassSheet {
        school: "МБОУ «Средняя школа № 12»".into(),
        place: "г. Симферополь".into(),
        class: "5-А".into(),
        period: "1 четверть (01.09.2026 – 14.10.2026), предварительно".into(),
        class_teacher: "Меметова А. И.".into(),
        as_of: at(15, 30),
        made_at: at(15, 31),
        ledger: Some((
            "9f3a11c2d40be771".into(),
            "18 204 записи за 14.10.2026".into(),
        )),
        summary: ClassSummary::of(&facts).unwrap(),
    }
}
