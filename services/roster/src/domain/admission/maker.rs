//! Makes the records of a plan one kind after the other, so that each finds the ids of
//! what it refers to.

use jiff::civil::Date;
use uuid::Uuid;
use zhurnal_proto::id::{
    ClassId, EnrolmentId, GroupId, GuardianLinkId, OrderId, PersonId, SupervisionId,
};

use super::Named;
use crate::domain::record::{
    EducationForm, Enrolment, Group, GroupKind, GroupMembership, GroupPlace, GuardianLink,
    Informing, Name, Person, SchoolClass, Sex, StaffMember, Supervision,
};
use crate::domain::school_import::value::{self, Email, GroupWord, Part, Phone, StudyForm, Value};
use crate::domain::school_import::{Guardian, Pupil, SchoolPlan};
use crate::domain::{duty, supervision};

fn kind(word: GroupWord) -> GroupKind {
    match word {
        GroupWord::Subgroup => GroupKind::Subgroup,
        GroupWord::Elective => GroupKind::Elective,
        GroupWord::Club => GroupKind::Club,
        GroupWord::ExtendedDay => GroupKind::ExtendedDay,
        GroupWord::Individual => GroupKind::Individual,
    }
}

/// What is made so far.
pub(super) struct Maker<'a, F> {
    pub(super) plan: &'a SchoolPlan,
    pub(super) academic_year: String,
    pub(super) enrolled_from: Date,
    pub(super) known_from: Date,
    pub(super) named: Named,
    pub(super) people: Vec<Person>,
    pub(super) new_id: &'a mut F,
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

    pub(super) fn staff(&mut self) -> Vec<StaffMember> {
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

    pub(super) fn classes(&mut self) -> Vec<SchoolClass> {
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

    pub(super) fn groups(&mut self) -> Vec<Group> {
        let plan = self.plan;
        let mut groups = Vec::with_capacity(plan.groups.len());
        for name in plan.groups.iter().map(|group| &group.name) {
            let titled = match &name.part {
                Part::Titled(of) => Some(of),
                Part::Whole | Part::Subgroup { .. } => None,
            };
            let several = titled.and_then(|of| of.several);
            let id = GroupId::from_uuid((self.new_id)());
            self.named.groups.insert(name.clone(), id);
            groups.push(Group {
                id,
                academic_year: self.academic_year.clone(),
                title: name.to_string(),
                kind: match name.part {
                    Part::Whole => GroupKind::Class,
                    Part::Subgroup { .. } => GroupKind::Subgroup,
                    Part::Titled(ref of) => kind(of.kind),
                },
                class_id: self
                    .named
                    .classes
                    .get(&name.class)
                    .copied()
                    .filter(|_| several.is_none()),
                place: several.map(|shift| GroupPlace {
                    grade: name.class.grade(),
                    shift,
                }),
                unmarked: titled.is_some_and(|of| of.unmarked),
                ends_on: None,
            });
        }
        groups
    }

    pub(super) fn pupils(&mut self) {
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

    pub(super) fn guardians(&mut self) -> Vec<GuardianLink> {
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

    pub(super) fn enrolments(&mut self, order_id: OrderId) -> Vec<Enrolment> {
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

    pub(super) fn memberships(&self) -> Vec<GroupMembership> {
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

    pub(super) fn supervisions(&mut self) -> Vec<Supervision> {
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
