//! What the world hears first.

use super::*;

impl World {
    pub(super) async fn hear_of_people(&self) {
        self.hear_roster(RosterChange::SchoolChanged(roster::SchoolChanged {
            school: Some(roster::School {
                school_id: school().to_string(),
                title: "Школа № 1".into(),
                academic_year: "2026/2027".into(),
                time_zone: "Europe/Simferopol".into(),
                ..Default::default()
            }),
        }))
        .await;
        let staff = [
            (TEACHER, "Учителева"),
            (OTHER_TEACHER, "Другая"),
            (SUBSTITUTE, "Заменова"),
            (CLASS_TEACHER, "Классная"),
            (DEPUTY, "Завучева"),
            (DIRECTOR, "Директорова"),
            (MOTHER, "Мамина"),
        ];
        let pupils = (0..CLASS_SIZE).map(|n| (PUPIL + n, format!("Ученик{:02}", 30 - n)));
        let people = staff
            .iter()
            .map(|(id, name)| (*id, (*name).to_owned()))
            .chain(pupils)
            .chain([(STRANGER, "Соседов".to_owned())]);
        let people = people.map(|(id, surname)| roster::PersonCard {
            person_id: person(id).to_string(),
            sort_key: surname.to_lowercase(),
            name: Some(PersonName {
                surname,
                given_name: "Анна".into(),
                patronymic: String::new(),
            }),
            ..Default::default()
        });
        self.hear_roster(RosterChange::PeopleChanged(roster::PeopleChanged {
            people: people.collect(),
        }))
        .await;
    }

    pub(super) async fn hear_of_classes(&self) {
        let class = |id: u128, title: &str, teacher: u128| roster::SchoolClass {
            class_id: class_id(id),
            school_id: school().to_string(),
            academic_year: "2026/2027".into(),
            grade: 5,
            title: title.into(),
            class_teacher_id: person(teacher).to_string(),
            ..Default::default()
        };
        let classes = vec![
            class(CLASS_5A, "5-А", CLASS_TEACHER),
            class(CLASS_5B, "5-Б", OTHER_TEACHER),
        ];
        self.hear_roster(RosterChange::ClassesChanged(roster::ClassesChanged {
            classes,
            removed_ids: Vec::new(),
        }))
        .await;
        let group = |id: u128, title: &str, class: u128| roster::Group {
            group_id: group_id(id),
            school_id: school().to_string(),
            academic_year: "2026/2027".into(),
            title: title.into(),
            kind: roster::GroupKind::Class.into(),
            class_id: class_id(class),
            ..Default::default()
        };
        let groups = vec![
            group(GROUP_5A, "5-А", CLASS_5A),
            group(GROUP_5B, "5-Б", CLASS_5B),
        ];
        self.hear_roster(RosterChange::GroupsChanged(roster::GroupsChanged {
            groups,
            removed_ids: Vec::new(),
        }))
        .await;
        let of_5a = (0..CLASS_SIZE).map(|n| (PUPIL + n, CLASS_5A, GROUP_5A));
        let pupils: Vec<(u128, u128, u128)> =
            of_5a.chain([(STRANGER, CLASS_5B, GROUP_5B)]).collect();
        let enrolments = pupils.iter().map(|(pupil, class, _)| roster::Enrolment {
            enrolment_id: EnrolmentId::from_uuid(uuid(*pupil + 10_000)).to_string(),
            school_id: school().to_string(),
            pupil_id: person(*pupil).to_string(),
            class_id: class_id(*class),
            starts_on: "2026-08-30".into(),
            ..Default::default()
        });
        self.hear_roster(RosterChange::EnrolmentsChanged(roster::EnrolmentsChanged {
            enrolments: enrolments.collect(),
        }))
        .await;
        let memberships = pupils
            .iter()
            .map(|(pupil, _, group)| membership(*group, *pupil, "2026-08-30", ""));
        self.hear_roster(RosterChange::MembershipsChanged(
            roster::MembershipsChanged {
                memberships: memberships.collect(),
            },
        ))
        .await;
        let links = [
            (MOTHER, PUPIL, true),
            (AUNT, PUPIL, false),
            (MOTHER_OF_STRANGER, STRANGER, true),
        ];
        let guardian_links = links
            .iter()
            .map(|(card, pupil, representative)| guardian(*card, *pupil, *representative));
        self.hear_roster(RosterChange::GuardianLinksChanged(
            roster::GuardianLinksChanged {
                guardian_links: guardian_links.collect(),
            },
        ))
        .await;
        self.hear_roster(RosterChange::SupervisionsChanged(
            roster::SupervisionsChanged {
                supervisions: vec![supervision(DEPUTY, 5, 9, "")],
            },
        ))
        .await;
    }

    /// The next year is opened, and one load of it is there.
    pub async fn next_year(&self) {
        let load = schedule::TeachingLoad {
            academic_year: "2027/2028".into(),
            starts_on: "2027-09-01".into(),
            ..load(81, GROUP_5A, MATHS, "Математика", TEACHER)
        };
        self.hear_schedule(ScheduleChange::TeachingLoadsChanged(
            schedule::TeachingLoadsChanged {
                teaching_loads: vec![load],
            },
        ))
        .await;
        self.harness.ignore_announced().await;
    }

    pub(super) async fn hear_of_plan(&self) {
        let period = |id: u128, title: &str, from: &str, to: &str| schedule::Period {
            period_id: period_id(id),
            school_id: school().to_string(),
            title: title.into(),
            kind: schedule::PeriodKind::Quarter.into(),
            starts_on: from.into(),
            ends_on: to.into(),
            grade_from: 1,
            grade_to: 9,
        };
        let extra = |title: &str, from: &str, to: &str, first: u32, last: u32| schedule::Holiday {
            title: title.into(),
            starts_on: from.into(),
            ends_on: to.into(),
            grade_from: first,
            grade_to: last,
        };
        self.hear_schedule(ScheduleChange::CalendarChanged(schedule::CalendarChanged {
            calendar: Some(schedule::Calendar {
                school_id: school().to_string(),
                academic_year: "2026/2027".into(),
                time_zone: "Europe/Simferopol".into(),
                study_week_days: 5,
                periods: vec![
                    period(61, "1 четверть", "2026-09-01", "2026-10-23"),
                    period(62, "2 четверть", "2026-11-02", "2026-12-29"),
                ],
                days_off: vec![schedule::DayOff {
                    date: "2026-11-04".into(),
                    title: "День народного единства".into(),
                    regional: true,
                }],
                holidays: vec![extra("Карантин", "2026-11-26", "2026-11-27", 1, 11)],
                ..Default::default()
            }),
        }))
        .await;
        self.hear_schedule(ScheduleChange::TeachingLoadsChanged(
            schedule::TeachingLoadsChanged {
                teaching_loads: vec![
                    load(71, GROUP_5A, MATHS, "Математика", TEACHER),
                    load(72, GROUP_5A, RUSSIAN, "Русский язык", OTHER_TEACHER),
                    load(73, GROUP_5B, RUSSIAN, "Русский язык", OTHER_TEACHER),
                ],
            },
        ))
        .await;
        let of_5b = schedule::Lesson {
            group_id: group_id(GROUP_5B),
            group_title: "5-Б".into(),
            class_id: class_id(CLASS_5B),
            ..a_lesson(OF_OTHER_CLASS)
        };
        self.hear_lessons(vec![
            a_lesson(LESSON),
            schedule::Lesson {
                date: "2026-09-02".into(),
                ..a_lesson(TOMORROW)
            },
            schedule::Lesson {
                lesson_number: 2,
                state: schedule::LessonState::Cancelled.into(),
                ..a_lesson(CANCELLED)
            },
            schedule::Lesson {
                lesson_number: 3,
                substitute_id: person(SUBSTITUTE).to_string(),
                ..a_lesson(SUBSTITUTED)
            },
            russian(of_5b),
            russian(schedule::Lesson {
                lesson_number: 6,
                starts_at: "13:25".into(),
                ends_at: "14:10".into(),
                ..a_lesson(LAST_OF_DAY)
            }),
        ])
        .await;
    }
}

fn load(
    id: u128,
    group: u128,
    subject: u128,
    title: &str,
    teacher: u128,
) -> schedule::TeachingLoad {
    schedule::TeachingLoad {
        teaching_load_id: TeachingLoadId::from_uuid(uuid(id)).to_string(),
        school_id: school().to_string(),
        academic_year: "2026/2027".into(),
        group_id: group_id(group),
        subject_id: subject_id(subject),
        subject_title: title.into(),
        teacher_id: person(teacher).to_string(),
        weekly_hours_hundredths: 500,
        starts_on: "2026-09-01".into(),
        ends_on: String::new(),
    }
}
