//! Plans to put: a small one whose lessons can be counted by hand, and the one of
//! the sample school 12.

use uuid::Uuid;
use zhurnal_proto::id::{ClassId, GroupId, Id, PersonId, SchoolId, SchoolImportId};
use zhurnal_proto::schedule::v1 as pb;

/// The id that stands for a name in tests: the same name, the same id.
pub fn id<T: Id>(name: &str) -> T {
    let hash = |seed: u64| {
        name.bytes()
            .fold(seed ^ 0xcbf2_9ce4_8422_2325, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            })
    };
    T::from_uuid(Uuid::from_u64_pair(hash(1), hash(2)))
}

/// Builds a request of PutSchoolPlan from names.
pub struct PlanBuilder(pub pb::PutSchoolPlanRequest);

impl PlanBuilder {
    /// A plan without groups and lessons, with the calendar of school 12.
    pub fn new() -> Self {
        use pb::PeriodKind::{HalfYear, Quarter};
        let period = |title: &str, kind: pb::PeriodKind, starts_on: &str, ends_on: &str| {
            let (grade_from, grade_to) = if kind == Quarter { (1, 9) } else { (10, 11) };
            pb::PlannedPeriod {
                title: title.into(),
                kind: kind.into(),
                starts_on: starts_on.into(),
                ends_on: ends_on.into(),
                grade_from,
                grade_to,
                period_id: String::new(),
            }
        };
        let off = |date: &str, title: &str| pb::DayOff {
            date: date.into(),
            title: title.into(),
            regional: false,
        };
        Self(pb::PutSchoolPlanRequest {
            school_import_id: id::<SchoolImportId>("import").to_string(),
            school_id: id::<SchoolId>("school").to_string(),
            academic_year: "2026/2027".into(),
            study_week_days: 5,
            time_zone: "Europe/Simferopol".into(),
            periods: vec![
                period("1 четверть", Quarter, "2026-09-01", "2026-10-23"),
                period("2 четверть", Quarter, "2026-11-02", "2026-12-30"),
                period("3 четверть", Quarter, "2027-01-11", "2027-03-19"),
                period("4 четверть", Quarter, "2027-03-29", "2027-05-26"),
                period("1 полугодие", HalfYear, "2026-09-01", "2026-12-30"),
                period("2 полугодие", HalfYear, "2027-01-11", "2027-05-26"),
            ],
            days_off: vec![
                off("2026-11-04", "День народного единства"),
                off("2027-02-23", "День защитника Отечества"),
                off("2027-03-08", "Международный женский день"),
                off("2027-03-18", "День воссоединения Крыма с Россией"),
                off("2027-05-03", "Перенос с 1 мая"),
                off("2027-05-10", "Перенос с 9 мая"),
            ],
            ..Default::default()
        })
    }

    pub fn bell(mut self, shift: u32, number: u32, starts_at: &str, ends_at: &str) -> Self {
        let (starts_at, ends_at) = (starts_at.into(), ends_at.into());
        self.0.bells.push(pb::Bell {
            lesson_number: number,
            starts_at,
            ends_at,
            shift,
        });
        self
    }

    pub fn group(mut self, title: &str, class: &str, grade: u32, shift: u32) -> Self {
        self.0.groups.push(pb::PlannedGroup {
            group_id: id::<GroupId>(title).to_string(),
            title: title.into(),
            class_id: if class.is_empty() {
                String::new()
            } else {
                id::<ClassId>(class).to_string()
            },
            grade,
            shift,
        });
        self
    }

    pub fn load(mut self, group: &str, subject: &str, teacher: &str, hours: u32) -> Self {
        self.0.loads.push(pb::PlannedLoad {
            group_id: id::<GroupId>(group).to_string(),
            subject: subject.into(),
            teacher_id: id::<PersonId>(teacher).to_string(),
            weekly_hours_hundredths: hours * 100,
        });
        self
    }

    pub fn lesson(
        mut self,
        (weekday, number): (u32, u32),
        group: &str,
        subject: &str,
        teacher: &str,
        room: &str,
    ) -> Self {
        self.0.weekly_lessons.push(pb::PlannedLesson {
            weekday,
            lesson_number: number,
            group_id: id::<GroupId>(group).to_string(),
            subject: subject.into(),
            teacher_id: id::<PersonId>(teacher).to_string(),
            room: room.into(),
        });
        self
    }
}

/// Two classes, a subgroup, a second shift; three lessons on Mondays, two on Tuesdays.
pub fn a_plan() -> pb::PutSchoolPlanRequest {
    PlanBuilder::new()
        .bell(1, 1, "08:00", "08:40")
        .bell(1, 2, "08:50", "09:30")
        .bell(2, 1, "09:10", "09:50")
        .bell(2, 2, "10:00", "10:40")
        .group("5-А", "5-А", 5, 1)
        .group("5-А Английский гр.1", "5-А", 5, 1)
        .group("10-А", "10-А", 10, 2)
        .load("5-А", "Математика", "Иванова", 2)
        .load("5-А", "Русский язык", "Петров", 1)
        .load("5-А Английский гр.1", "Английский язык", "Сидорова", 1)
        .load("10-А", "Алгебра", "Иванова", 1)
        .lesson((1, 1), "5-А", "Математика", "Иванова", "каб. 1")
        .lesson((1, 2), "5-А", "Русский язык", "Петров", "каб. 1")
        .lesson((1, 2), "10-А", "Алгебра", "Иванова", "каб. 2")
        .lesson(
            (2, 1),
            "5-А Английский гр.1",
            "Английский язык",
            "Сидорова",
            "",
        )
        .lesson((2, 2), "5-А", "Математика", "Иванова", "каб. 1")
        .0
}

/// The plan of the sample school 12: 42 classes, 170 groups, 648 loads, 1,289
/// weekly lessons. Its fixture holds codes instead of names.
pub fn school_12() -> pb::PutSchoolPlanRequest {
    let rows = |text: &'static str| {
        text.lines()
            .skip(1)
            .map(|line| line.split('\t').collect::<Vec<_>>())
    };
    let number = |text: &str| text.parse::<u32>().unwrap();
    let mut plan = PlanBuilder::new();
    let bells = [
        "08:00-08:40",
        "08:50-09:30",
        "09:45-10:25",
        "10:45-11:25",
        "11:40-12:20",
        "12:30-13:10",
        "13:20-14:00",
    ];
    for (bell, at) in bells.iter().zip(1..) {
        let (starts_at, ends_at) = bell.split_once('-').unwrap();
        plan = plan.bell(1, at, starts_at, ends_at);
    }
    for row in rows(include_str!("../../tests/data/school-12/groups.tsv")) {
        plan = plan.group(row[0], row[1], number(row[2]), number(row[3]));
    }
    for row in rows(include_str!("../../tests/data/school-12/loads.tsv")) {
        plan = plan.load(row[0], row[1], row[2], number(row[3]));
    }
    for row in rows(include_str!("../../tests/data/school-12/weekly.tsv")) {
        plan = plan.lesson(
            (number(row[0]), number(row[1])),
            row[2],
            row[3],
            row[4],
            row[5],
        );
    }
    plan.0
}
