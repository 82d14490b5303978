//! An invented sheet with what is hard: ё, a formula for a name, a split mark, a
//! subject that not everybody studies.

use jiff::civil::date;
use jiff::tz::TimeZone;
use uuid::Uuid;
use zhurnal_proto::id::{PersonId, SubjectId};

use super::ClassSheet;
use crate::domain::class_summary::{ClassSummary, Facts};
use crate::domain::tally::{Absences, Tally};

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
