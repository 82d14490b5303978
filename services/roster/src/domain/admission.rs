//! A plan as new records: the school, its people, classes, groups, and the order of
//! admission that enrols every pupil from the first day of the year (R119).
//!
//! Invariant: every id that a record refers to is the id of a record here.

use std::collections::BTreeMap;

use jiff::civil::Date;
use uuid::Uuid;
use zhurnal_proto::id::{
    ClassId, EnrolmentId, GroupId, GuardianLinkId, OrderId, PersonId, SchoolId, SupervisionId,
};

use super::duty;
use super::record::{
    EducationForm, Enrolment, Group, GroupKind, GroupMembership, GuardianLink, Informing, Name,
    Order, OrderKind, Person, School, SchoolClass, SchoolState, Sex, StaffMember, Supervision,
};
use super::school_import::value::{
    self, ClassName, Code, Email, GroupName, Part, Phone, StudyForm, Value,
};
use super::school_import::{Guardian, Pupil, SchoolPlan};
use super::supervision;

/// Number of the order of admission that an import posts.
pub const ORDER_NUMBER: &str = "З-1";

/// New records of one school.
#[derive(Debug, Clone)]
pub struct Admission {
    /// The school, PREPARING.
    pub school: School,
    /// Every card: staff, pupils, guardians.
    pub people: Vec<Person>,
    /// Appointments.
    pub staff: Vec<StaffMember>,
    /// Classes.
    pub classes: Vec<SchoolClass>,
    /// Groups.
    pub groups: Vec<Group>,
    /// The order of admission; `None` when there are no pupils.
    pub order: Option<Order>,
    /// Enrolments by that order.
    pub enrolments: Vec<Enrolment>,
    /// Who is in which group.
    pub memberships: Vec<GroupMembership>,
    /// Guardians.
    pub guardian_links: Vec<GuardianLink>,
    /// Who decides on corrections.
    pub supervisions: Vec<Supervision>,
    /// Ids by what the plan calls them.
    pub named: Named,
}

/// Ids by the words of the plan.
#[derive(Debug, Clone, Default)]
pub struct Named {
    /// Cards of the staff.
    pub staff: BTreeMap<Code, PersonId>,
    /// Cards of the pupils.
    pub pupils: BTreeMap<Code, PersonId>,
    /// Classes.
    pub classes: BTreeMap<ClassName, ClassId>,
    /// Groups.
    pub groups: BTreeMap<GroupName, GroupId>,
}

/// Makes the records of a plan. `import_day` is today in the school's zone.
///
/// Pupils are enrolled and grouped from 1 September. Staff, guardians and supervision
/// are in force from the import on, if that is earlier: in August teachers plan and
/// families register.
pub fn admit(plan: &SchoolPlan, import_day: Date, new_id: &mut impl FnMut() -> Uuid) -> Admission {
    let year = plan.school.year;
    let mut maker = Maker {
        plan,
        academic_year: year.canonical(),
        enrolled_from: year.first_day(),
        known_from: import_day.min(year.first_day()),
        named: Named::default(),
        people: Vec::new(),
        new_id,
    };
    let school = School {
        id: SchoolId::from_uuid((maker.new_id)()),
        title: plan.school.full_name.clone(),
        municipality: plan.school.municipality.clone(),
        academic_year: maker.academic_year.clone(),
        study_week_days: plan.school.week.days(),
        time_zone: plan.school.zone.as_str().to_owned(),
        state: SchoolState::Preparing,
        version: 1,
    };
    let staff = maker.staff();
    let classes = maker.classes();
    let groups = maker.groups();
    maker.pupils();
    let guardian_links = maker.guardians();
    let order = (!plan.pupils.is_empty()).then(|| Order {
        id: OrderId::from_uuid((maker.new_id)()),
        number: ORDER_NUMBER.to_owned(),
        date: import_day,
        kind: OrderKind::Admission,
        pupil_count: u32::try_from(plan.pupils.len()).unwrap_or(u32::MAX),
    });
    let enrolments = order
        .as_ref()
        .map(|order| maker.enrolments(order.id))
        .unwrap_or_default();
    let memberships = maker.memberships();
    let supervisions = maker.supervisions();
    let Maker { named, people, .. } = maker;
    Admission {
        school,
        people,
        staff,
        classes,
        groups,
        order,
        enrolments,
        memberships,
        guardian_links,
        supervisions,
        named,
    }
}

struct Maker<'a, F> {
    plan: &'a SchoolPlan,
    academic_year: String,
    enrolled_from: Date,
    known_from: Date,
    named: Named,
    people: Vec<Person>,
    new_id: &'a mut F,
}

impl<F: FnMut() -> Uuid> Maker<'_, F> {
    fn person(
        &mut self,
        name: &value::PersonName,
        phone: Option<&Phone>,
        email: Option<&Email>,
    ) -> Person {
        Person {
            id: PersonId::from_uuid((self.new_id)()),
            name: Name {
                surname: name.surname.as_str().to_owned(),
                given_name: name.given.as_str().to_owned(),
                patronymic: name
                    .patronymic
                    .as_ref()
                    .map(|p| p.as_str().to_owned())
                    .unwrap_or_default(),
            },
            sort_key: name.sort_key(),
            search_key: name.search_key(),
            sex: None,
            birth_date: None,
            phone: phone.map(Value::canonical).unwrap_or_default(),
            email: email.map(|e| e.as_str().to_owned()).unwrap_or_default(),
            snils: None,
        }
    }

    fn staff(&mut self) -> Vec<StaffMember> {
        let plan = self.plan;
        let mut staff = Vec::with_capacity(plan.staff.len());
        for member in plan.staff.iter().map(|entry| &entry.value) {
            let card = self.person(&member.name, member.phone.as_ref(), member.email.as_ref());
            self.named.staff.insert(member.code.clone(), card.id);
            let teaches = plan
                .loads
                .iter()
                .any(|load| load.value.teacher == member.code)
                || plan
                    .timetable
                    .iter()
                    .any(|lesson| lesson.value.teacher == member.code);
            staff.push(StaffMember {
                person_id: card.id,
                post: member.post.title().to_owned(),
                duties: duty::of_post(&member.post, teaches),
                starts_on: self.known_from,
                ends_on: None,
            });
            self.people.push(card);
        }
        staff
    }

    fn classes(&mut self) -> Vec<SchoolClass> {
        let plan = self.plan;
        let mut classes = Vec::with_capacity(plan.classes.len());
        for class in plan.classes.iter().map(|entry| &entry.value) {
            let id = ClassId::from_uuid((self.new_id)());
            self.named.classes.insert(class.name.clone(), id);
            classes.push(SchoolClass {
                id,
                academic_year: self.academic_year.clone(),
                grade: class.name.grade(),
                letter: class.name.letter().to_owned(),
                title: class.name.to_string(),
                shift: class.shift,
                class_teacher_id: class
                    .teacher
                    .as_ref()
                    .and_then(|code| self.named.staff.get(code))
                    .copied(),
            });
        }
        classes
    }

    fn groups(&mut self) -> Vec<Group> {
        let plan = self.plan;
        let mut groups = Vec::with_capacity(plan.groups.len());
        for name in plan.groups.iter().map(|group| &group.name) {
            let id = GroupId::from_uuid((self.new_id)());
            self.named.groups.insert(name.clone(), id);
            groups.push(Group {
                id,
                academic_year: self.academic_year.clone(),
                title: name.to_string(),
                kind: match name.part {
                    Part::Whole => GroupKind::Class,
                    Part::Subgroup { .. } => GroupKind::Subgroup,
                },
                class_id: self.named.classes.get(&name.class).copied(),
            });
        }
        groups
    }

    fn pupils(&mut self) {
        let plan = self.plan;
        for pupil in plan.pupils.iter().map(|entry| &entry.value) {
            let card = self.pupil(pupil);
            self.named.pupils.insert(pupil.code.clone(), card.id);
            self.people.push(card);
        }
    }

    fn pupil(&mut self, pupil: &Pupil) -> Person {
        let card = self.person(&pupil.name, None, None);
        Person {
            sex: Some(match pupil.sex {
                value::Sex::Male => Sex::Male,
                value::Sex::Female => Sex::Female,
            }),
            birth_date: Some(pupil.born),
            snils: pupil.snils.clone(),
            ..card
        }
    }

    fn guardians(&mut self) -> Vec<GuardianLink> {
        let plan = self.plan;
        let mut links = Vec::new();
        for guardian in &plan.guardians {
            let card = self.person(
                &guardian.name,
                guardian.phone.as_ref(),
                guardian.email.as_ref(),
            );
            links.extend(self.links(guardian, card.id));
            self.people.push(card);
        }
        links
    }

    fn links(&mut self, guardian: &Guardian, guardian_id: PersonId) -> Vec<GuardianLink> {
        let mut links = Vec::with_capacity(guardian.children.len());
        for tie in guardian.children.iter().map(|entry| &entry.value) {
            let Some(pupil_id) = self.named.pupils.get(&tie.pupil).copied() else {
                continue;
            };
            links.push(GuardianLink {
                id: GuardianLinkId::from_uuid((self.new_id)()),
                guardian_id,
                pupil_id,
                relation: tie.relation.word().to_owned(),
                is_representative: tie.representative,
                informing: match tie.informing {
                    value::Informing::Electronic => Informing::Electronic,
                    value::Informing::Paper => Informing::Paper,
                },
                starts_on: self.known_from,
                ends_on: None,
            });
        }
        links
    }

    fn enrolments(&mut self, order_id: OrderId) -> Vec<Enrolment> {
        let plan = self.plan;
        let mut enrolments = Vec::with_capacity(plan.pupils.len());
        for pupil in plan.pupils.iter().map(|entry| &entry.value) {
            let known = self
                .named
                .pupils
                .get(&pupil.code)
                .zip(self.named.classes.get(&pupil.class));
            let Some((&pupil_id, &class_id)) = known else {
                continue;
            };
            enrolments.push(Enrolment {
                id: EnrolmentId::from_uuid((self.new_id)()),
                pupil_id,
                class_id,
                form: match pupil.form {
                    StudyForm::FullTime => EducationForm::FullTime,
                    StudyForm::AtHome => EducationForm::Home,
                    StudyForm::Family => EducationForm::Family,
                },
                starts_on: self.enrolled_from,
                ends_on: None,
                order_id,
            });
        }
        enrolments
    }

    fn memberships(&self) -> Vec<GroupMembership> {
        let members = self.plan.groups.iter().flat_map(|group| {
            let group_id = self.named.groups.get(&group.name).copied();
            group
                .members
                .iter()
                .filter_map(move |code| Some((group_id?, self.named.pupils.get(code).copied()?)))
        });
        let starts_on = self.enrolled_from;
        members
            .map(|(group_id, pupil_id)| GroupMembership {
                group_id,
                pupil_id,
                starts_on,
                ends_on: None,
            })
            .collect()
    }

    fn supervisions(&mut self) -> Vec<Supervision> {
        let plan = self.plan;
        let grades = || plan.classes.iter().map(|class| class.value.name.grade());
        let Some((first, last)) = grades().min().zip(grades().max()) else {
            return Vec::new();
        };
        let in_charge = plan
            .staff
            .iter()
            .map(|entry| &entry.value)
            .filter(|member| duty::supervises_teaching(&member.post));
        let deputies: Vec<PersonId> = in_charge
            .filter_map(|member| self.named.staff.get(&member.code).copied())
            .collect();
        let runs = supervision::split(first..=last, deputies.len());
        let mut supervisions = Vec::with_capacity(runs.len());
        for (person_id, run) in deputies.into_iter().zip(runs) {
            supervisions.push(Supervision {
                id: SupervisionId::from_uuid((self.new_id)()),
                person_id,
                grade_from: *run.start(),
                grade_to: *run.end(),
                starts_on: self.known_from,
                ends_on: None,
            });
        }
        supervisions
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use jiff::civil::date;

    use super::*;
    use crate::domain::duty::Duty;
    use crate::domain::school_import::{Selection, SheetKind, preview};
    use crate::testing::SmallSchool;

    fn admitted(school: &SmallSchool, day: Date) -> Admission {
        let book = school.book();
        let plan = preview(&book, None)
            .choose(&Selection::Everything)
            .unwrap()
            .plan;
        let mut next = 0u128;
        admit(&plan, day, &mut || {
            next += 1;
            Uuid::from_u128(next)
        })
    }

    #[test]
    fn every_pupil_is_enrolled_from_the_first_of_september_by_one_order() {
        let new = admitted(&SmallSchool::new(), date(2026, 11, 22));
        let order = new.order.unwrap();
        assert_eq!(
            (order.number.as_str(), order.date, order.pupil_count),
            ("З-1", date(2026, 11, 22), 6)
        );
        assert_eq!(new.enrolments.len(), 6);
        assert!(
            new.enrolments
                .iter()
                .all(|e| e.starts_on == date(2026, 9, 1) && e.order_id == order.id)
        );
        assert!(
            new.memberships
                .iter()
                .all(|m| m.starts_on == date(2026, 9, 1))
        );
    }

    #[test]
    fn staff_and_guardians_are_in_force_from_an_import_in_august() {
        let new = admitted(&SmallSchool::new(), date(2026, 8, 20));
        assert!(new.staff.iter().all(|s| s.starts_on == date(2026, 8, 20)));
        assert!(
            new.guardian_links
                .iter()
                .all(|l| l.starts_on == date(2026, 8, 20))
        );
        assert!(
            new.enrolments
                .iter()
                .all(|e| e.starts_on == date(2026, 9, 1))
        );
        let late = admitted(&SmallSchool::new(), date(2026, 11, 22));
        assert!(late.staff.iter().all(|s| s.starts_on == date(2026, 9, 1)));
    }

    #[test]
    fn nothing_refers_to_what_is_not_there() {
        let new = admitted(&SmallSchool::new(), date(2026, 9, 1));
        let people: BTreeSet<PersonId> = new.people.iter().map(|p| p.id).collect();
        let classes: BTreeSet<ClassId> = new.classes.iter().map(|c| c.id).collect();
        let groups: BTreeSet<GroupId> = new.groups.iter().map(|g| g.id).collect();
        assert_eq!(people.len(), new.people.len());
        assert!(new.staff.iter().all(|s| people.contains(&s.person_id)));
        assert!(
            new.classes
                .iter()
                .all(|c| c.class_teacher_id.is_none_or(|t| people.contains(&t)))
        );
        assert!(
            new.groups
                .iter()
                .all(|g| g.class_id.is_some_and(|c| classes.contains(&c)))
        );
        assert!(
            new.enrolments
                .iter()
                .all(|e| people.contains(&e.pupil_id) && classes.contains(&e.class_id))
        );
        assert!(
            new.memberships
                .iter()
                .all(|m| people.contains(&m.pupil_id) && groups.contains(&m.group_id))
        );
        assert!(
            new.guardian_links
                .iter()
                .all(|l| people.contains(&l.pupil_id) && people.contains(&l.guardian_id))
        );
    }

    #[test]
    fn a_pupil_is_in_the_class_and_in_the_own_subgroup() {
        let new = admitted(&SmallSchool::new(), date(2026, 9, 1));
        let maria = new
            .people
            .iter()
            .find(|p| p.search_key.starts_with("аблаева мария"))
            .unwrap()
            .id;
        let mut titles: Vec<&str> = new
            .memberships
            .iter()
            .filter(|m| m.pupil_id == maria)
            .filter_map(|m| new.groups.iter().find(|g| g.id == m.group_id))
            .map(|g| g.title.as_str())
            .collect();
        titles.sort_unstable();
        assert_eq!(titles, ["5-А", "5-А Информатика гр.1"]);
    }

    #[test]
    fn duties_follow_from_posts_and_load() {
        let mut school = SmallSchool::new();
        school.push(
            SheetKind::Staff,
            &["С-010", "Белый", "Олег", "", "Библиотекарь", "", ""],
        );
        let new = admitted(&school, date(2026, 9, 1));
        let duties: Vec<&[Duty]> = new.staff.iter().map(|s| s.duties.as_slice()).collect();
        assert_eq!(
            duties,
            [
                [Duty::Director].as_slice(),
                &[Duty::Teacher],
                &[Duty::Teacher],
                &[Duty::Teacher],
                &[Duty::Secretary],
                &[]
            ]
        );
    }

    #[test]
    fn deputies_share_the_grades_of_the_school() {
        let mut school = SmallSchool::new();
        school.push(
            SheetKind::Staff,
            &[
                "С-011",
                "Зорина",
                "Ада",
                "",
                "Заместитель директора по УВР",
                "",
                "",
            ],
        );
        school.push(
            SheetKind::Staff,
            &[
                "С-012",
                "Зимина",
                "Ида",
                "",
                "Заместитель директора по АХЧ",
                "",
                "",
            ],
        );
        school.push(
            SheetKind::Staff,
            &[
                "С-013",
                "Вешняя",
                "Яна",
                "",
                "Заместитель директора по ВР",
                "",
                "",
            ],
        );
        let new = admitted(&school, date(2026, 9, 1));
        let grades: Vec<(u8, u8)> = new
            .supervisions
            .iter()
            .map(|s| (s.grade_from, s.grade_to))
            .collect();
        assert_eq!(grades, [(5, 7), (8, 10)]);
        assert!(
            admitted(&SmallSchool::new(), date(2026, 9, 1))
                .supervisions
                .is_empty()
        );
    }
}
