//! What is called upon: things of both schools, things that do not exist, and things of one
//! school under the path of the other.

use std::collections::BTreeMap;

use super::stage::{Lesson, Place};

/// One thing, and who has to do with it.
#[derive(Clone, Default, Debug)]
pub struct Target {
    pub name: String,
    /// Fields of requests by their name in the proto.
    pub fields: BTreeMap<&'static str, String>,
    /// The caller's own things, or what the answer is narrowed to.
    pub own: bool,
    /// The region's own.
    pub regional: bool,
    /// A thing of one school under the path of the other.
    pub foreign: bool,
    pub school: Option<usize>,
    pub municipality: Option<usize>,
    /// Events of the school, by the case of the table's row.
    pub events: BTreeMap<&'static str, String>,
    /// The case of the table's row.
    pub case: String,
    /// It is an object: refused, it looks like one that does not exist.
    pub object: bool,
    pub teachers: Vec<String>,
    pub class_teachers: Vec<String>,
    pub guardians: Vec<String>,
    pub pupils: Vec<String>,
    pub supervisors: Vec<String>,
    pub authors: Vec<String>,
}

impl Target {
    /// Whether it exists at all.
    pub fn is_somewhere(&self) -> bool {
        self.own || self.regional || self.school.is_some() || self.municipality.is_some()
    }

    fn of(place: &Place, name: &str) -> Self {
        Self {
            name: format!("{name} of school {}", place.at),
            fields: BTreeMap::from([("school_id", place.school.clone())]),
            school: Some(place.at),
            municipality: Some(place.at),
            ..Self::default()
        }
    }

    fn object(mut self) -> Self {
        self.object = true;
        self
    }

    fn with(mut self, field: &'static str, value: &str) -> Self {
        self.fields.insert(field, value.to_owned());
        self
    }

    /// Things of the school that only some calls name.
    fn things(mut self, place: &Place) -> Self {
        self.events = place.events.clone();
        self.pupils = vec![place.pupil("Мария")];
        self.guardians = vec![place.mother_of_maria.clone()];
        self
    }

    /// The same target in one case of a call that is two things.
    pub fn in_case(mut self, case: &str) -> Self {
        if self.case != case && !case.is_empty() {
            self.name = format!("{} ({case})", self.name);
        }
        self.case = case.to_owned();
        self
    }

    fn class(self, place: &Place, title: &str) -> Self {
        let leads = if title == "5-А" {
            "Алиев"
        } else {
            "Гончар"
        };
        let mut class = self.with("class_id", &place.classes[title]);
        class.class_teachers = vec![place.person(leads)];
        class
    }

    fn nowhere(name: &str, field: &'static str, prefix: &str) -> Self {
        Self {
            name: format!("{name} that does not exist"),
            fields: BTreeMap::from([(field, absent(prefix))]),
            object: true,
            ..Self::default()
        }
    }
}

/// An id that nothing has.
pub fn absent(prefix: &str) -> String {
    format!("{prefix}_0190dead00007000800000000000dead")
}

/// The targets of a resolver; of a school one for each class where the call names a class.
pub fn of(resolver: &str, places: &[Place], of_class: bool) -> Vec<Target> {
    let of = |place: &Place| match (resolver, of_class) {
        ("school", false) => vec![whole(place)],
        _ => of_place(resolver, place),
    };
    let mut all: Vec<Target> = places.iter().flat_map(of).collect();
    let foreign: Vec<Target> = all
        .iter()
        .filter_map(|t| under_the_other(t, places))
        .collect();
    all.extend(foreign);
    all.extend(nowhere(resolver, places));
    if resolver == "self" {
        let own = Target {
            name: "own".to_owned(),
            own: true,
            ..Target::default()
        };
        all = vec![own];
    }
    all
}

fn of_place(resolver: &str, place: &Place) -> Vec<Target> {
    let at = |name: &str| Target::of(place, name);
    match resolver {
        "school" => vec![
            at("school").class(place, "5-А").things(place),
            at("school").class(place, "10-А"),
        ],
        "audience" => vec![
            at("staff").in_case("staff"),
            at("5-А").class(place, "5-А").in_case("class"),
            at("10-А").class(place, "10-А").in_case("class"),
        ],
        "class" => ["5-А", "10-А"]
            .map(|title| at(title).class(place, title).object())
            .to_vec(),
        "pupil" => ["Мария", "Пётр", "Осман", "Алиса"]
            .map(|name| pupil(place, name))
            .to_vec(),
        "lesson" | "journal" | "lessonPlan" => place
            .lessons
            .iter()
            .map(|lesson| taught(place, lesson))
            .collect(),
        "account" => vec![
            at("a teacher")
                .with("person_id", &place.person("Ёлкин"))
                .object()
                .in_case("staff"),
            at("Maria")
                .with("person_id", &place.pupil("Мария"))
                .class(place, "5-А")
                .object()
                .in_case("class"),
        ],
        "invitation" => vec![
            at("code")
                .with("invitation_id", &place.staff_code)
                .object()
                .in_case("staff"),
            at("code")
                .with("invitation_id", &place.class_code)
                .class(place, "5-А")
                .object()
                .in_case("class"),
        ],
        "correctionRequest" => vec![correction(place)],
        "reportJob" => vec![job(place)],
        "roleGrant" => vec![at("grant").with("role_grant_id", &place.grant).object()],
        "timetable" => vec![
            at("timetable")
                .with("timetable_id", &place.timetable)
                .with("source_timetable_id", &place.timetable)
                .object(),
        ],
        "studyDocument" => vec![
            at("document")
                .with("study_document_id", &place.document)
                .object(),
        ],
        "schoolImport" => {
            let import = at("import")
                .with("school_import_id", &place.import)
                .object();
            vec![Target {
                municipality: None,
                ..import
            }]
        }
        "municipality" => {
            let one = Target {
                school: None,
                ..at("municipality")
            };
            let one = one.with("municipality_id", &place.municipality);
            vec![one.in_case("municipality").object()]
        }
        _ => Vec::new(),
    }
}

/// A school in a call that names no class: whoever leads one may ask for that one.
fn whole(place: &Place) -> Target {
    let school = Target::of(place, "school");
    let mut whole = school.class(place, "5-А").things(place);
    whole.class_teachers.push(place.person("Гончар"));
    whole
}

fn pupil(place: &Place, name: &str) -> Target {
    let class = if matches!(name, "Мария" | "Пётр") {
        "5-А"
    } else {
        "10-А"
    };
    let card = place.pupil(name);
    let mut target = Target::of(place, name)
        .with("pupil_id", &card)
        .class(place, class)
        .object();
    target.guardians = match name {
        "Мария" => vec![place.mother_of_maria.clone()],
        "Пётр" => vec![place.father_of_pyotr.clone()],
        "Алиса" => vec![place.mother_of_alisa.clone()],
        _ => Vec::new(),
    };
    target.fields.remove("class_id");
    target.pupils = vec![card];
    target
}

fn taught(place: &Place, lesson: &Lesson) -> Target {
    let mut target = Target::of(place, &lesson.title)
        .with("lesson_id", &lesson.id)
        .with("journal_id", &lesson.journal)
        .with("group_id", &lesson.group)
        .with("subject_id", &lesson.subject)
        .with("pupil_id", &place.pupil(lesson.pupil))
        .class(place, lesson.class)
        .object();
    target.fields.remove("class_id");
    target.teachers = vec![place.person(lesson.teacher)];
    target
}

fn correction(place: &Place) -> Target {
    let mut target = Target::of(place, "correction")
        .with("correction_request_id", &place.correction)
        .object();
    target.supervisors = vec![place.person("Завучева")];
    target.authors = vec![place.person("Алиев")];
    target
}

fn job(place: &Place) -> Target {
    let mut target = Target::of(place, "report")
        .with("report_job_id", &place.job)
        .class(place, "5-А")
        .object();
    target.fields.remove("class_id");
    target.authors = vec![place.person("Завучева")];
    target
}

/// The same thing under the path of the other school: it is not there.
fn under_the_other(target: &Target, places: &[Place]) -> Option<Target> {
    let other = places.iter().find(|p| Some(p.at) != target.school)?;
    let own_key = target
        .fields
        .keys()
        .any(|f| *f != "school_id" && *f != "class_id");
    if !target.object || !own_key {
        return None;
    }
    let mut fields = target.fields.clone();
    fields.insert("school_id", other.school.clone());
    Some(Target {
        name: format!("{} under the path of school {}", target.name, other.at),
        fields,
        case: target.case.clone(),
        object: true,
        foreign: true,
        ..Target::default()
    })
}

fn nowhere(resolver: &str, places: &[Place]) -> Vec<Target> {
    let nowhere = |field: &'static str, prefix: &str| {
        let mut target = Target::nowhere(resolver, field, prefix);
        target.fields.insert("school_id", places[0].school.clone());
        target
    };
    match resolver {
        "school" => {
            let absent = Target::nowhere("school", "school_id", "sch");
            vec![Target {
                object: false,
                ..absent
            }]
        }
        "municipality" => vec![
            Target {
                name: "the ministry's own".to_owned(),
                regional: true,
                case: "ministry".to_owned(),
                ..Target::default()
            },
            nowhere("municipality_id", "mun").in_case("municipality"),
        ],
        "class" => vec![nowhere("class_id", "cls")],
        "pupil" => vec![nowhere("pupil_id", "per")],
        "lesson" => vec![nowhere("lesson_id", "les").with("pupil_id", &places[0].pupil("Мария"))],
        "journal" => vec![nowhere("journal_id", "jrn")],
        "lessonPlan" => vec![nowhere("group_id", "grp")],
        "account" => vec![nowhere("person_id", "per").in_case("staff")],
        "invitation" => vec![nowhere("invitation_id", "inv").in_case("staff")],
        "correctionRequest" => vec![nowhere("correction_request_id", "cor")],
        "reportJob" => vec![nowhere("report_job_id", "job")],
        "roleGrant" => vec![nowhere("role_grant_id", "grt")],
        "timetable" => {
            vec![nowhere("timetable_id", "ttb").with("source_timetable_id", &absent("ttb"))]
        }
        "studyDocument" => vec![nowhere("study_document_id", "sdc")],
        "schoolImport" => vec![nowhere("school_import_id", "imp")],
        _ => Vec::new(),
    }
}
