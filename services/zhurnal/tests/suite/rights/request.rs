//! A well-formed request of every method: fields by their constraints, ids of the target,
//! and what the constraints do not say by hand.

use prost_reflect::{
    DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, MethodDescriptor, Value as Field,
};
use serde_json::{Map, Value, json};
use zhurnal_proto::descriptor_pool;

use super::super::browser::key;
use super::target::{Target, absent};

/// Every method of the suite's services.
pub fn methods() -> impl Iterator<Item = MethodDescriptor> {
    let own = |name: &str| name.starts_with("zhurnal.");
    let services = descriptor_pool().services();
    services
        .filter(move |service| own(service.full_name()))
        .flat_map(|service| service.methods().collect::<Vec<_>>())
}

/// The access rule's field of a method, as text.
pub fn rule(method: &MethodDescriptor, field: &str) -> String {
    let rule = extension("zhurnal.access.v1.rule");
    let options = method.options();
    let rule = options.get_extension(&rule);
    let value = rule.as_message().unwrap().get_field_by_name(field).unwrap();
    match value.as_ref() {
        Field::String(text) => text.clone(),
        Field::EnumNumber(number) => number.to_string(),
        other => panic!("{other:?}"),
    }
}

fn extension(name: &str) -> prost_reflect::ExtensionDescriptor {
    descriptor_pool().get_extension_by_name(name).expect(name)
}

/// Field names as JSON writes them; nothing that is not demanded but what the target says.
pub fn of(method: &MethodDescriptor, target: &Target) -> Value {
    let mut body = message(&method.input(), target);
    let by_hand = by_hand(method.name(), target);
    if let (Value::Object(body), Value::Object(by_hand)) = (&mut body, by_hand) {
        body.extend(by_hand);
    }
    body
}

fn message(of: &MessageDescriptor, target: &Target) -> Value {
    let mut fields = Map::new();
    for field in of.fields() {
        if let Some(value) = one(&field, target) {
            fields.insert(field.json_name().to_owned(), value);
        }
    }
    for choice in of.oneofs().filter(|choice| !choice.is_synthetic()) {
        let chosen = choice
            .fields()
            .any(|field| fields.contains_key(field.json_name()));
        let first = choice.fields().next().filter(|_| !chosen);
        if let Some(field) = first {
            fields.insert(field.json_name().to_owned(), value(&field, target));
        }
    }
    Value::Object(fields)
}

fn one(field: &FieldDescriptor, target: &Target) -> Option<Value> {
    let rules = Rules::of(field);
    if !rules.required && rules.number("min_items") == 0 && rules.number("min") == 0 {
        let key = field.name() == "school_id" || field.name() == "municipality_id";
        return target
            .fields
            .get(field.name())
            .filter(|_| key)
            .map(|id| json!(id));
    }
    Some(value(field, target))
}

fn value(field: &FieldDescriptor, target: &Target) -> Value {
    let rules = Rules::of(field);
    let value = match field.kind() {
        Kind::Message(inner) => message(&inner, target),
        Kind::Enum(values) => json!(values.values().nth(1).expect("a value").name()),
        Kind::String => json!(rules.text(field.name(), target)),
        Kind::Bytes => json!("AAAA"),
        _ => json!(rules.number("min").max(1)),
    };
    if field.is_list() {
        json!([value])
    } else {
        value
    }
}

/// Constraints of a field.
struct Rules {
    required: bool,
    rules: Option<DynamicMessage>,
}

impl Rules {
    fn of(field: &FieldDescriptor) -> Self {
        let extension = extension("zhurnal.validate.v1.field");
        let options = field.options();
        let rules = options.get_extension(&extension).as_message().cloned();
        let required = rules.as_ref().is_some_and(|rules| {
            rules
                .get_field_by_name("required")
                .and_then(|v| v.as_bool())
                .unwrap_or(false)
        });
        Self { required, rules }
    }

    fn number(&self, name: &str) -> i64 {
        let value = self
            .rules
            .as_ref()
            .and_then(|rules| rules.get_field_by_name(name));
        value.map_or(0, |value| match value.as_ref() {
            Field::I64(n) => *n,
            Field::U32(n) => i64::from(*n),
            Field::EnumNumber(n) => i64::from(*n),
            _ => 0,
        })
    }

    fn text(&self, name: &str, target: &Target) -> String {
        if let Some(id) = target.fields.get(name) {
            return id.clone();
        }
        let prefix = self
            .rules
            .as_ref()
            .and_then(|rules| rules.get_field_by_name("id"));
        let prefix = prefix.as_ref().and_then(|v| v.as_str()).unwrap_or_default();
        if !prefix.is_empty() {
            return absent(prefix);
        }
        match self.number("format") {
            1 if name == "date" || name == "signed_on" => "2026-11-17".to_owned(),
            1 => "2026-11-20".to_owned(),
            2 => "08:00".to_owned(),
            3 => key(),
            _ if name.ends_with("year") => "2026/2027".to_owned(),
            _ if name == "month" => "2026-11".to_owned(),
            _ => "Проба пера".to_owned(),
        }
    }
}

/// What the constraints do not say, method by method.
fn by_hand(method: &str, target: &Target) -> Value {
    let id = |field: &str| target.fields.get(field).cloned().unwrap_or_default();
    let class = target.fields.get("class_id").cloned();
    let class = class.unwrap_or_else(|| absent("cls"));
    let event = || target.events.get(target.case.as_str()).cloned();
    let event = || event().unwrap_or_else(|| absent("evt"));
    match (method, target.case.as_str()) {
        ("IssueInvitations", "class") => {
            json!({"audience": "AUDIENCE_CLASS_PUPILS", "classId": class, "personIds": []})
        }
        ("ListInvitations", "class") => json!({"classId": class}),
        ("ListRegistryRecords", "others") => json!({"registry": "REGISTRY_TRAININGS"}),
        ("GrantRole", _) => json!({"role": "ROLE_ENGINEER"}),
        ("CreateCalendarSubscription", "class") => {
            json!({"kind": "CALENDAR_FEED_KIND_CLASS", "classId": class})
        }
        ("CreateCalendarSubscription", _) => {
            let pupil = target.pupils.first().cloned();
            let pupil = pupil.unwrap_or_else(|| absent("per"));
            json!({"kind": "CALENDAR_FEED_KIND_PUPIL", "pupilId": pupil})
        }
        ("GetTimetable", _) => json!({"classId": class}),
        ("ListTimetablePlaces", _) => json!({"timetableEntryId": absent("tte")}),
        ("PreviewSchoolYear" | "SaveSchoolYear", _) => json!({"periods": [{
            "title": "Год", "kind": "PERIOD_KIND_QUARTER", "startsOn": "2026-09-01",
            "endsOn": "2026-12-30", "gradeFrom": 1, "gradeTo": 11,
        }]}),
        ("PutCard", _) => json!({"personId": id("pupil_id")}),
        // It makes what is not there, and other calls want it absent.
        ("PutMunicipality", _) if id("municipality_id") == absent("mun") => {
            json!({"municipalityId": "mun_0190dead00007000800000000000beef"})
        }
        ("PutGuardianLink", _) => {
            json!({"newGuardian": {"name": {"surname": "Проба", "givenName": "Пера"}}})
        }
        ("RegisterServiceClient", _) => {
            json!({"scopes": ["roster.read"], "endsOn": "2027-08-31"})
        }
        ("SaveSchoolEvent", "school") => json!({"content": {
            "kind": "SCHOOL_EVENT_KIND_ACTIVITY", "title": "Поход",
            "startsOn": "2026-11-21", "audience": "SCHOOL_EVENT_AUDIENCE_SCHOOL",
        }}),
        ("SaveSchoolEvent", _) => json!({"content": {
            "kind": "SCHOOL_EVENT_KIND_ACTIVITY", "title": "Поход", "startsOn": "2026-11-21",
            "audience": "SCHOOL_EVENT_AUDIENCE_CLASSES", "classIds": [class],
        }}),
        ("PublishSchoolEvents", _) => {
            json!({"schoolEvents": [{"schoolEventId": event(), "etag": "0"}]})
        }
        ("CancelSchoolEvent" | "DiscardSchoolEvent", _) => json!({"schoolEventId": event()}),
        _ => json!({}),
    }
}
